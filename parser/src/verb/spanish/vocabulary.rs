//! The Spanish verbs that ask for work, by the kind of item that they make, with those that
//! the offices of Mexico made out of English ones ("mergear", "deployar").

use crate::Kind;

/// Infinitives and the kind of item that they make.
pub(super) const VERBS: &[(&str, Kind)] = &[
    (
        "arreglar corregir reparar componer remendar subsanar hotfixear fixear debuggear \
         debuguear",
        Kind::Bug,
    ),
    (
        "agregar anadir crear implementar desarrollar construir",
        Kind::Feature,
    ),
    ("lanzar relanzar", Kind::Milestone),
    (
        "aatenuar abastecer ablandar abonar abordar abrir abrochar acabar acarrear acelerar \
         aceptar acercar aclarar acomodar acompanar acondicionar acoplar acordar acordonar \
         acortar acreditar activar actualizar acumular adaptar adecuar adelantar adherir \
         adjudicar adjuntar administrar adoquinar adornar adquirir advertir afianzar afilar \
         afinar afirmar aflojar agendar agilizar agitar agrandar agrupar agujerear ahorrar \
         aislar ajustar alambrar alargar alcanzar alertar alfombrar aligerar alimentar \
         alinear alisar alistar almacenar alojar alquilar alterar alternar alumbrar amarrar \
         ambientar amenizar amoldar amonestar amortizar ampliar amueblar analizar anclar \
         anexar animar anotar anticipar anular anunciar apagar apalancar apartar apelar \
         apilar aplanar aplazar aplicar aportar apostillar apoyar apretar aprobar apuntar \
         archivar argumentar armar armonizar aromatizar arrancar arrastrar arrendar arrimar \
         asar asear asegurar asentar aserrar asesorar asfaltar asignar asistir asociar \
         aspirar atar atender aterrizar atornillar atrasar auditar aumentar autenticar \
         automatizar autorizar avalar avanzar aventar averiguar avisar ayudar azulejar \
         bachear backupear bajar balancear baldear banar bannear barnizar barrenar barrer \
         blindar bloggear bloquear bootear bordar borrar borronear bosquejar brandear \
         briefear brindar buscar cablear cachear calafatear calcar calcular calendarizar \
         calentar calibrar calificar cambiar canalizar cancelar canjear capacitar capitalizar \
         captar capturar caracterizar cargar castrar catalogar categorizar centralizar \
         centrar cepillar cercar cerrar certificar chapear chapodar chatear checar checkear \
         chequear cifrar cimbrar cimentar circular citar clasificar clavar clickear clonar \
         clorar cobrar cocer cocinar codificar colar colgar colocar colorear combinar \
         comentar comenzar comisionar commitear commitiar compactar compaginar comparar \
         compartir compensar compilar complementar completar comprar comprimir comprobar \
         comunicar concentrar concertar conciliar concluir concretar concursar condensar \
         condicionar conducir conectar configurar confirmar congelar conmemorar conseguir \
         conservar consolidar constatar consultar contabilizar contactar containerizar contar \
         contener contestar contratar contribuir controlar convertir convocar coordinar \
         copiar corroborar cortar coser costear costurar cotejar cotizar cromar cronometrar \
         cropear cruzar cuadrar cuantificar cubrir cuidar cultivar curar custodiar customizar \
         dar decantar decidir decir declarar decorar dedicar deducir defender definir \
         degustar dejar delegar delimitar delinear demandar demarcar demoler demostrar \
         denunciar deployar deployear deponer depositar depurar derivar derribar desactivar \
         desaguar desahogar desalojar desamarrar desarchivar desarmar desatascar desatorar \
         desatornillar desazolvar desbloquear desbrozar descalcificar descargar descartar \
         descifrar descimbrar descolgar descomprimir descongelar descontar describir desechar \
         desembarcar desembolsar desempacar desempenar desempolvar desenchufar desencriptar \
         desengrasar desenredar desenterrar desescombrar desfogar desglosar deshabilitar \
         deshacer deshidratar deshierbar desinfectar desinscribir desinstalar deslindar \
         desloguear desmalezar desmanchar desmantelar desmoldar desmontar desocupar desoxidar \
         despachar desparasitar despedir despejar desplazar desplegar desprogramar desratizar \
         destapar destinar destruir desvincular desyerbar detallar detectar detener \
         determinar devengar devolver diagnosticar diagramar dibujar dictaminar diferir \
         difundir digitalizar diligenciar diluir dirigir discutir disenar disminuir disolver \
         disponer distribuir diversificar dividir divulgar doblar dockerear dockerizar \
         documentar domiciliar donar drenar droppear duplicar echar editar editear educar \
         efectuar ejecutar ejemplificar elaborar elegir elevar eliminar embalar embarcar \
         embellecer embodegar embolsar emboquillar embotellar emitir empacar empalmar empanar \
         empapelar empaquetar emparchar emparejar empastar empezar emplacar emplayar emplazar \
         empotrar encajonar encalar encapsular encargar encender encerar encerrar enchapar \
         enchufar encintar encoger encolar encontrar encriptar encuadernar encuestar \
         enderezar endulzar enfocar enfriar engargolar engomar engranar engrapar engrasar \
         enjabonar enjarrar enjuagar enladrillar enlatar enlazar enlistar enlonar enmallar \
         enmarcar enmendar enmicar enrejar enriquecer enrollar enroscar ensamblar ensayar \
         ensenar entablar entallar entarimar enterrar entintar entonar entregar entrenar \
         entretener entrevistar entubar enumerar envasar enviar envolver enyesar equilibrar \
         equipar erradicar esbozar escalar escanear escarbar escoger escoltar escombrar \
         esconder escribir escrolear escuchar escurrir esmaltar espaciar especificar \
         espolvorear esponjar esquilar estabilizar establecer estacar estacionar estampar \
         estandarizar esterilizar estibar estimar estirar estructurar estucar estudiar \
         etiquetar evaluar examinar excavar exentar exfoliar exhibir exigir expandir expedir \
         explicar explorar exponer exportar exportear exprimir expropiar extender exterminar \
         extraer fabricar facilitar facturar faxear fertilizar festejar fetchear fijar filmar \
         filtrar finalizar firmar fiscalizar flaggear flashear flejar fletar foliar fomentar \
         fondear forjar forkear formalizar formar formatear formular forrar fortalecer \
         forwardear fotocopiar fotografiar fraccionar fregar freir frenar fumigar fundir \
         galvanizar garantizar generar gestionar girar glasear googlear grabar graduar grapar \
         graficar gratificar guardar guglear guiar guisar habilitar hablar hacer hardcodear hashear \
         herrar hervir hidratar hidrolavar higienizar hilvanar hojalatear homologar hornear \
         hospedar hostear humedecer identificar iluminar ilustrar impartir impermeabilizar \
         implantar importar imprimir impugnar impulsar inboxear incentivar incinerar incluir \
         incorporar incrementar indagar indemnizar indexar inducir inflar informar ingresar \
         inhabilitar iniciar injertar inmovilizar inmunizar inscribir insertar insonorizar \
         inspeccionar instalar instruir integrar intercalar intercambiar internar interponer \
         interpretar intervenir introducir inventariar invertir investigar invitar inyectar \
         ir iterar jalar jerarquizar juntar justificar labelear laminar lanchear laquear \
         lavar leer legalizar levantar liberar licitar lijar limpiar linkear liquidar listar \
         litigar llamar llenar llevar localizar logear loggear loguear lubricar macerar \
         machacar machetear mailear mandar manejar maniobrar mantener mapear maquetar \
         maquilar maquillar marcar marinar matizar matricular maximizar mecanizar medicar \
         medir mejorar membretar mensajear mentorear mergear mergiar meter mezclar migrar \
         minimizar mockear mockupear modelar moderar modificar modular mojar moldear moler \
         monitorear montar mostrar motivar mover mudar multiplicar musicalizar narrar \
         negociar niobsequiar nivelar nombrar nominar normalizar notarizar notificar numerar \
         observar obtener ocultar ofrecer onboardear operar optimizar ordenar orear organizar \
         orientar pactar pagar palomear parafrasear parchar parchear parquear parsear partir \
         pasar pasear pausear pautar pavimentar pedir pegar pelar penalizar perfilar perforar \
         permutar personalizar pesar picar pilotear pinear pingear pintar pivotear planchar \
         planear planificar plantar plasmar plastificar platicar playear plegar podar \
         polarizar polvear ponderar poner poolear posponer postear postular potabilizar \
         practicar precisar precocinar predecir prefabricar preinscribir prelavar premiar \
         prender prensar preparar prerregistrar presentar preservar prestar presupuestar \
         prevenir prever printear priorizar probar procesar procurar producir programar \
         prolongar promediar promocionar promover promptear pronosticar proponer prorratear \
         prorrogar prospectar proteger protocolizar prototipar publicar pulir pullear \
         puntualizar purgar purificar pushear pushiar quemar quitar quotear racionar rallar \
         ranurar rasgar raspar rastrear rastrillar rasurar ratificar reacomodar reagendar \
         realizar rebajar rebanar rebasear rebautizar rebobinar rebootear rebrandear recabar \
         recalcular recalendarizar recalentar recapacitar recapturar recargar recaudar \
         recetar rechazar recibir reciclar reclamar reclasificar reclutar recoger recolectar \
         recolocar recolorear recomendar recomprar reconectar reconfigurar reconfirmar \
         reconocer reconsiderar reconstruir recontactar recontar recontratar recopilar \
         recordar recorrer recortar recotizar recrear rectificar recuperar redactar redecorar \
         redeployar redeployear redimensionar redirigir redisenar redistribuir redondear \
         reducir reembarcar reembolsar reemplazar reencuadrar reenviar reescribir \
         reestructurar reetiquetar refaccionar refactorear refactorizar refinanciar refinar \
         reforestar reformar reformatear reformular reforzar refrendar refrescar refreshear \
         refrigerar regalar regar registrar regresar regularizar rehabilitar rehacer \
         rehidratar reimprimir reiniciar reinscribir reinstalar reintegrar rejuntar \
         relacionar releer rellenar remachar remarcar remasterizar remitir remodelar remojar \
         remolcar remover renderear renderizar renegociar renombrar renovar rentar \
         reorganizar repartir repasar repavimentar repellar repetir repintar replantar \
         replantear replicar repoblar reponer reportar reportear reprobar reprocesar \
         reprogramar requerir requisitar rereventar resaltar resanar rescatar rescindir \
         reservar resetear resguardar resizear resolver respaldar responder restablecer \
         restaurar restringir restructurar resumir resurtir retapizar retener retirar retocar \
         retomar retrabajar retrasar retroalimentar reubicar reunir reutilizar revalidar \
         revertir revestir reviewear revisar revocar rifar rociar rodear rollbackear rotar \
         rotomartillar rotular routear rutear sacar salpicar salvaguardar samplear sancionar \
         sanear sanitizar sazonar scrapear screenshotear scriptear scrollear secar sedar \
         seedear segmentar segregar seguir seleccionar sellar sembrar senalar senalizar \
         sensibilizar separar serializar serigrafiar servir setear shippear silenciar \
         simplificar simular sincronizar situar skippear sobreponer socializar soldar \
         solicitar solucionar solventar sondear sonorizar sopesar soplar sortear sostener \
         spammear stagear streamear subarrendar subastar subcontratar subdividir subir \
         sublimar subrayar subtitular sugerir sujetar sumar suministrar supervisar suplir \
         suprimir surtir suscribir suspender sustituir suturar switchear tabicar tabular \
         tachar tagear taguear taladrar talar tallar tamizar tantear tapar tapiar tapizar \
         targetear tasar techar teclear tejer templar tenir tensar terminar terraplenar \
         testear testiar textear timbrar tipear tipificar tirar titular tocar tomar tonificar \
         topografiar tornear tostar trabajar trackear traducir traer tramitar transbordar \
         transcribir transferir transportar trapear traquear trasegar trasladar traspasar \
         trasplantar tratar trazar trenzar triggerear triplicar triturar trozar tuitear \
         tumbar turnar tutorar twittear ubicar ultimar unificar uniformar unir untar updatear \
         upgradear uploadear urbanizar usar utilizar vaciar vacunar validar valorar valuar \
         vaporizar variar vectorizar velar vendar vender ventilar ver verificar versionar \
         verter vestir vetar videograbar vigilar vincular visitar visualizar voltear \
         vulcanizar wasapear whatsappear wireframear yesar zanjar zipear zippear zonificar \
         zurcir",
        Kind::Task,
    ),
];
