# Lo que FocoBot dice en español de México. Los textos de los que dependen otros programas llevan "fixed".

# fixed
linked =
    ✅ ¡WhatsApp vinculado a tu cuenta de Foco!
    Ya puedes enviar propuestas y recibir notificaciones.

# fixed
proposal-created = ✅ ¡Propuesta creada!
# fixed
proposal-items = 📝 { $count ->
    [one] 1 tarea
   *[other] { $count } tareas
}
# fixed
proposal-hours = ⏱️ { $count ->
    [one] 1 hora estimada
   *[other] { $count } horas estimadas
}
# fixed
proposal-no-hours = ⏱️ Sin estimación todavía
# fixed
proposal-view = Ver: { $link }
# fixed
proposal-rough = ⚠️ Estimación aproximada
proposal-project-only = 📁 Es tu único proyecto, así que lo usé.
proposal-timezone = 🕒 Conté los días con la hora de { $city ->
    [Mexico_City] la Ciudad de México
    [Sao_Paulo] São Paulo
    [Buenos_Aires] Buenos Aires
    [Bogota] Bogotá
   *[other] { $city }
}; si no es la tuya, cámbiala en Foco.
proposal-item-hours = { $hours } h
proposal-more-items = … y { $count } más
date = { $weekday ->
    [1] lun
    [2] mar
    [3] mié
    [4] jue
    [5] vie
    [6] sáb
   *[7] dom
} { $day } { $month ->
    [1] ene
    [2] feb
    [3] mar
    [4] abr
    [5] may
    [6] jun
    [7] jul
    [8] ago
    [9] sep
    [10] oct
    [11] nov
   *[12] dic
}
priority-low = prioridad baja
priority-high = prioridad alta
priority-urgent = urgente

no-work = 👋 Convierto tus pedidos en propuestas. Dime qué necesitas, por ejemplo: «Agregar página de login para el viernes, 8 horas». Con /ayuda ves más.

help =
    💡 *Lo que puedo hacer*
    Escribe lo que necesitas y lo convierto en una propuesta, por ejemplo:
    _Agregar login y panel de usuario para el viernes, unas 8 horas_

    /proyecto – elegir un proyecto
    /espacio – elegir un espacio de trabajo
    /lista proyectos – tus proyectos
    /lista tareas – tareas abiertas del proyecto
    /más – seguir con una lista
    /deshacer – cancelar tu último pedido
    /estado – en qué estamos
    /limpiar – empezar de nuevo
    VERIFICAR 123456 – vincular este teléfono
unknown-command = No conozco { $command }. Manda /ayuda para ver qué puedo hacer.
unknown-command-meant = No conozco { $command }. ¿Quisiste decir { $meant }? Con /ayuda ves todo lo que puedo hacer.
list-usage = Manda /lista proyectos o /lista tareas.

not-linked =
    Este teléfono todavía no está vinculado a una cuenta de Foco.
    Vincúlalo en { $link } y mándame el código: VERIFICAR 123456
verify-usage = Manda VERIFICAR y el código que te muestra Foco, por ejemplo: VERIFICAR 123456
verify-wrong = Ese código no es correcto o ya venció. Revísalo, o pide uno nuevo en { $link }
verify-too-many = Demasiados códigos equivocados. Pide uno nuevo en { $link } y mándalo aquí.
verify-taken = Este teléfono está vinculado a otra cuenta de Foco. Desvincúlalo primero ahí: { $link }

status =
    🏢 *Espacio:* { $workspace }
    📁 *Proyecto:* { $project }
    🗣️ *Idioma:* español
    Este contexto dura { $minutes } minutos desde tu último mensaje.
none-chosen = ninguno todavía

project-chosen = 📁 Ya estás en *{ $project }* ({ $workspace }). Escribe lo que necesitas.
project-chosen-waiting = 📁 Ya estás en *{ $project }* ({ $workspace }). { $count ->
    [one] Ya estoy con el pedido que estaba en espera.
   *[other] Ya estoy con los { $count } pedidos que estaban en espera.
}
project-none = Todavía no tienes proyectos. Crea uno en { $link }
project-unknown = No encuentro un proyecto llamado «{ $name }». Manda /proyecto para ver los tuyos.
project-choose = ¿Cuál proyecto? Manda su número, o /proyecto y su nombre:
project-choose-waiting = Guardo tu pedido. ¿Para cuál proyecto es? Manda su número, o /proyecto y su nombre:
projects = 📁 *Tus proyectos*
list-more = … y { $count } más: /más
more = ➡️ *Aquí van más*
more-end = Ya viste toda la lista.
more-nothing = No hay ninguna lista que seguir. Manda /lista proyectos o /lista tareas.
workspace-chosen = 🏢 Ya estás en *{ $workspace }*. Elige un proyecto con /proyecto.
workspace-unknown = No encuentro un espacio llamado «{ $name }». Manda /espacio para ver los tuyos.
workspace-choose = ¿Cuál espacio? Manda su número, o /espacio y su nombre:
workspace-none = Todavía no perteneces a ningún espacio. Crea uno en { $link }
tasks = 📋 *Tareas abiertas de { $project }*
tasks-none = 📋 *{ $project }* no tiene tareas abiertas.
tasks-no-project = Primero elige un proyecto: /proyecto
pick-nothing = No estoy esperando un número. Manda /ayuda para ver qué puedo hacer.
pick-out-of-range = Manda un número del 1 al { $count }.
cleared = 🧹 Listo: ya no hay proyecto elegido. { $dropped ->
    [0] Tu espacio se queda.
    [one] Descarté el pedido que estaba en espera.
   *[other] Descarté los { $dropped } pedidos que estaban en espera.
}

cancelled = 🚫 Cancelado, sin propuesta: «{ $request }»
undo-cancelled = ↩️ Cancelé tu pedido «{ $request }».
undone = ↩️ Borré la propuesta «{ $title }» con { $count ->
    [one] su tarea
   *[other] sus { $count } tareas
}.
undo-nothing = No hay nada que deshacer.
undo-too-late = Tu última propuesta ya tiene más de { $minutes } minutos, así que la dejo. La puedes borrar en Foco.
undo-no-draft = Tu última propuesta ya no es un borrador, así que la dejo. La puedes ver en Foco.
expired = ⌛ Tu pedido esperó 24 horas un proyecto y ya lo dejé ir: «{ $request }». Mándalo otra vez si todavía lo necesitas.
context-lost = ℹ️ Lo que tenías elegido se archivó o ya no tienes acceso, así que dejó de estar elegido.

unsupported-media = Por ahora solo leo texto. Escribe lo que necesitas, o ponle un texto a la foto o al archivo.
unsupported-audio = Todavía no puedo escuchar notas de voz. Escríbeme lo que necesitas, por favor.

working = ⏳ Estoy en eso…
waiting-model = ⏳ El modelo que lee los pedidos no está disponible en este momento. Guardo tu pedido y te contesto en cuanto vuelva.
failed-for-now = ⚠️ Algo falló de nuestro lado. Tu mensaje está a salvo: alguien lo va a revisar y no hace falta que lo mandes otra vez.
failed = ⚠️ No pude con tu pedido. Mándalo otra vez, por favor; si vuelve a fallar, escribe a soporte.
failed-not-linked = Este teléfono se desvinculó antes de que terminara de leer tu pedido, así que no hice ninguna propuesta.
failed-no-access = No puedes agregar trabajo a ese proyecto, así que no hice ninguna propuesta. Elige otro con /proyecto
failed-project-closed = Ese proyecto se archivó antes de que terminara de leer tu pedido, así que no hice ninguna propuesta. Elige otro con /proyecto
failed-empty = No encontré ninguna tarea ahí. Dímelo de otra forma, por favor: una tarea por renglón.

stale = ⏳ Ese mensaje me llegó tarde y ya me escribiste otra cosa, así que no cambié nada. Mándalo otra vez si todavía lo quieres.
delayed = ⏳ Perdón por la demora: tu mensaje me llegó { $hours ->
    [one] una hora
   *[other] { $hours } horas
} después de que lo mandaste.

undelivered-never = ℹ️ WhatsApp no dejó pasar mi última respuesta. Manda tu mensaje otra vez si todavía la necesitas.
undelivered-retry = ℹ️ Mi última respuesta no te llegó, aunque lo intenté varias veces. Manda tu mensaje otra vez si todavía la necesitas.
undelivered-operator = ℹ️ Mi última respuesta no te llegó por una falla de nuestro lado, que ya estamos revisando. Manda tu mensaje otra vez si todavía la necesitas.

limit-wait = ⏳ Vas muy rápido: este mensaje no lo leí. Espera { $seconds ->
    [one] 1 segundo
   *[other] { $seconds } segundos
} y mándalo de nuevo.
