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
proposal-project = 📁 { $project }
proposal-project-only = 📁 Es tu único proyecto, así que lo usé.
proposal-timezone = 🕒 Conté los días con la hora de { $city ->
    [Mexico_City] la Ciudad de México
    [Sao_Paulo] São Paulo
    [Buenos_Aires] Buenos Aires
    [Bogota] Bogotá
   *[other] { $city }
}; si no es la tuya, cámbiala en Foco.
proposal-hours-missing = ⏱️ { $count ->
    [one] 1 tarea todavía no tiene estimación.
   *[other] { $count } tareas todavía no tienen estimación.
}
proposal-item-hours = { $hours } h
proposal-item-minutes = { $minutes } min
proposal-more-items = … y { $count } más, en la liga de arriba
weekday = { $weekday ->
    [1] lunes
    [2] martes
    [3] miércoles
    [4] jueves
    [5] viernes
    [6] sábado
   *[7] domingo
}
month = { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
}
date = { weekday } { $day } de { month }
date-far = { date } de { $year }
priority-low = prioridad baja
priority-high = prioridad alta
priority-urgent = urgente

no-work = 🤔 Ahí no encontré nada por hacer. Dime qué necesitas, por ejemplo: “Agregar página de login para el viernes, 8 horas”. Con /ayuda ves más.
no-work-greeting = 👋 ¡Hola! Convierto lo que necesitas en propuestas. Cuéntame, por ejemplo: “Agregar página de login para el viernes, 8 horas”. Con /ayuda ves más.
no-work-thanks = 😊 ¡Con gusto! Aquí ando para lo que necesites.
no-work-fine = 👍 Aquí ando. Cuando necesites algo, nomás escríbeme.
no-work-take-back = Para cancelar tu última solicitud, manda /deshacer

help =
    💡 *Lo que puedo hacer*
    Escribe lo que necesitas y lo convierto en una propuesta, por ejemplo:
    _Agregar login y panel de usuario para el viernes, unas 8 horas_

    /proyecto – elegir un proyecto
    /espacio – elegir un espacio de trabajo
    /lista proyectos – tus proyectos
    /lista tareas – tareas pendientes
    /más – seguir con una lista
    /deshacer – cancelar tu última solicitud
    /estado – en qué estamos
    /limpiar – empezar de nuevo
    /desvincular – desvincular este teléfono
    VERIFICAR 123456 – vincular este teléfono
unknown-command = No conozco { $command }. Manda /ayuda para ver qué puedo hacer.
unknown-command-meant = No conozco { $command }. ¿Quisiste decir { $meant }? Con /ayuda ves todo lo que puedo hacer.
slash-missing = ¿Quisiste decir { $meant }? Los comandos empiezan con diagonal; con /ayuda los ves todos.
list-usage = Manda /lista proyectos o /lista tareas.

not-linked =
    Este teléfono todavía no está vinculado a una cuenta de Foco.
    Vincúlalo en { $link } y mándame el código: VERIFICAR 123456
help-stranger =
    👋 Soy FocoBot. Aquí me escribes lo que hay que hacer y yo armo propuestas en Foco, con tareas, horas y fechas.
    Para empezar, vincula este teléfono con tu cuenta de Foco en { $link } y mándame el código que ahí te aparece.
leave =
    Solo te escribo cuando tú me escribes o cuando cambia algo tuyo.
    Para desvincular este teléfono manda /desvincular. Si ya no quieres recibir nada de mí, bloquea este chat en WhatsApp.
leave-stranger =
    Este teléfono no está vinculado a ninguna cuenta y solo te escribo cuando tú me escribes. Si ya no quieres recibir nada de mí, bloquea este chat en WhatsApp.
verify-usage = Manda VERIFICAR y el código que te muestra Foco, por ejemplo: VERIFICAR 123456
verify-wrong = Ese código no es correcto o ya venció. Revísalo, o pide uno nuevo en { $link }
verify-too-many = Demasiados códigos equivocados. Pide uno nuevo en { $link } y mándalo aquí.
verify-taken = Este teléfono está vinculado a otra cuenta de Foco. Desvincúlalo primero ahí: { $link }
verify-locked = Demasiados códigos equivocados desde este teléfono. Espera { $minutes ->
    [one] 1 minuto
   *[other] { $minutes } minutos
}, pide uno nuevo en { $link } y mándalo aquí.

unlink-ask =
    ❓ ¿Desvinculo este teléfono de tu cuenta de Foco? Olvido en qué estábamos y descarto las solicitudes que están esperando un proyecto.
    Manda SÍ, o /desvincular otra vez. Con NO se queda vinculado.
unlink-stay = 👍 Este teléfono sigue vinculado.
unlinked =
    🔌 Listo: este teléfono ya no está vinculado a tu cuenta de Foco.
    Para vincularlo de nuevo: { $link }
# Se dice en el teléfono cuando lo hizo alguien más que quien lo tiene.
unlinked-web =
    🔌 Este teléfono se desvinculó de tu cuenta de Foco desde la web. Lo que escribas aquí ya no llega a Foco.
    Para vincularlo de nuevo: { $link }
unlinked-operator =
    🔌 El equipo de soporte de Foco desvinculó este teléfono de tu cuenta de Foco.
    Para vincularlo de nuevo: { $link }
unlinked-replaced =
    🔌 Tu cuenta de Foco ahora está vinculada a otro teléfono, así que este ya no lo está.
    Si no fuiste tú, revisa tu cuenta: { $link }
link-tried = 🔔 Alguien intentó vincular este teléfono a otra cuenta de Foco. Sigue vinculado a la tuya; no tienes que hacer nada.
# El código que se escribe en la página de Foco.
link-code =
    🔑 { $code } es tu código para vincular este teléfono a Foco. Escríbelo en la página que te lo pide, en los próximos diez minutos.
    Si no lo pediste, ignóralo y no se lo pases a nadie.

status =
    🏢 *Espacio:* { $workspace }
    📁 *Proyecto:* { $project }
    🗣️ *Idioma:* español
    Lo recuerdo hasta { $minutes ->
        [one] 1 minuto
       *[other] { $minutes } minutos
    } después de tu último mensaje.
none-chosen = ninguno todavía

project-chosen = 📁 Ya estás en { $project } ({ $workspace }). Escribe lo que necesitas.
project-chosen-waiting = 📁 Ya estás en { $project } ({ $workspace }). { $count ->
    [one] Ya estoy con la solicitud que estaba en espera.
   *[other] Ya estoy con las { $count } solicitudes que estaban en espera.
}
project-none = Todavía no tienes proyectos. Crea uno en { $link }
project-none-waiting = 📥 Guardé tu solicitud. Todavía no tienes proyectos: crea uno en { $link } y luego elígelo con /proyecto
project-unknown = No encuentro ningún proyecto llamado “{ $name }”. ¿Cuál es? Manda su número, o /proyecto y su nombre:
project-choose = ¿Cuál proyecto? Manda su número, o /proyecto y su nombre:
project-choose-waiting = 📥 Guardé tu solicitud. ¿Para cuál proyecto es? Manda su número, o /proyecto y su nombre:
projects = 📁 *Tus proyectos*
list-more = … y { $count } más: /más
more = ➡️ *Aquí hay más*
more-end = Ya viste toda la lista.
more-nothing = No hay ninguna lista que seguir. Manda /lista proyectos o /lista tareas.
workspace-chosen = 🏢 Ya estás en { $workspace }. ¿Cuál proyecto? Manda su número, o /proyecto y su nombre:
workspace-chosen-same = 🏢 Sigues en { $workspace }, en el proyecto { $project }.
workspace-chosen-empty = 🏢 Ya estás en { $workspace }. Todavía no tiene proyectos: crea uno en { $link } y luego elígelo con /proyecto
workspace-unknown = No encuentro ningún espacio llamado “{ $name }”. ¿Cuál es? Manda su número, o /espacio y su nombre:
workspace-choose = ¿Cuál espacio? Manda su número, o /espacio y su nombre:
workspace-none = Todavía no perteneces a ningún espacio. Crea uno en { $link }
tasks = 📋 Tareas pendientes de { $project }
tasks-none = 📋 { $project } no tiene tareas pendientes.
tasks-no-project = Primero elige un proyecto: /proyecto
pick-nothing = No estoy esperando ningún número. Manda /proyecto para ver tus proyectos, o /ayuda para ver qué puedo hacer.
pick-out-of-range = Manda un número del 1 al { $count }.
cleared = 🧹 Listo: ya no hay proyecto elegido. { $dropped ->
    [0] { $kept ->
        [0] Empezamos de nuevo.
       *[other] Sigues en el mismo espacio.
    }
    [one] Descarté la solicitud que estaba en espera.
   *[other] Descarté las { $dropped } solicitudes que estaban en espera.
}

cancelled = 🚫 Cancelada, no hice ninguna propuesta: “{ $request }”
undo-cancelled = ↩️ Cancelé tu solicitud “{ $request }”.
undone = ↩️ Borré la propuesta “{ $title }” con { $count ->
    [one] su tarea
   *[other] sus { $count } tareas
}.
undo-nothing = No hay nada que deshacer.
undo-too-late = Tu última propuesta ya tiene más de { $minutes } minutos, así que la dejo. La puedes borrar en Foco.
undo-no-draft = Tu última propuesta ya no es un borrador, así que la dejo. La puedes ver en Foco.
expired = ⌛ Tu solicitud esperó 24 horas a que eligieras un proyecto y la descarté: “{ $request }”. Mándala otra vez si todavía la necesitas.
context-lost = ℹ️ Lo que tenías elegido se archivó o ya no tienes acceso, así que dejó de estar elegido.

unsupported-media = Por ahora solo leo texto. Escríbeme lo que necesitas, o ponle un texto a la foto o al archivo.
unsupported-audio = Todavía no puedo escuchar notas de voz. Escríbeme lo que necesitas, por favor.
unsupported-location = Todavía no puedo usar ubicaciones. Escríbeme lo que necesitas, y la dirección si hace falta.
unsupported-contacts = Todavía no puedo usar contactos. Escríbeme lo que necesitas, por favor.
unsupported-sticker = 🙂 ¡Buen sticker! Pero solo leo texto. Escríbeme lo que necesitas.
unsupported-other = Todavía no puedo leer ese tipo de mensaje. Escríbeme lo que necesitas, por favor.

working = ⏳ Estoy en eso…
waiting-model = ⏳ En este momento no puedo leer solicitudes. Guardé la tuya y te contesto en cuanto pueda; no hace falta que la mandes otra vez.
failed-for-now = ⚠️ Algo falló de nuestro lado. Tu mensaje está a salvo: alguien lo va a revisar y no hace falta que lo mandes otra vez.
failed = ⚠️ No pude con tu solicitud. Mándala otra vez, por favor; si vuelve a fallar, escribe a soporte.
failed-not-linked = Este teléfono se desvinculó antes de que terminara de leer tu solicitud, así que no hice ninguna propuesta.
failed-no-access = No puedes agregar trabajo a ese proyecto, así que no hice ninguna propuesta. Elige otro con /proyecto
failed-project-closed = Ese proyecto se archivó antes de que terminara de leer tu solicitud, así que no hice ninguna propuesta. Elige otro con /proyecto
failed-empty = No encontré ninguna tarea ahí. Dímelo de otra forma, por favor: una tarea por renglón.

not-linked-then = ⏳ Ese mensaje me llegó tarde: cuando lo mandaste, este teléfono todavía no estaba vinculado a la cuenta de Foco que tiene ahora, así que no hice nada con él. Mándalo otra vez si quieres que lo haga.
unproven = ⏳ Ese mensaje me llegó tarde y no puedo estar seguro de que lo mandaste tú, así que no hice nada con él. Mándalo otra vez si quieres que lo haga.
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
} y mándalo de nuevo; lo que llegue antes tampoco lo leo.
