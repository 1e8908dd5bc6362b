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
        "abanderar abastecer ablandar abonar abordar abrir abrochar acabar acarrear acelerar \
         aceptar acercar aclarar acolchonar acomodar acompanar acondicionar acoplar acordar \
         acordonar acortar acreditar activar actualizar acumular adaptar adecuar adelantar \
         adherir adjudicar adjuntar administrar adoquinar adornar adquirir advertir afianzar \
         afilar afinar afirmar aflojar agendar agilizar agitar agrandar agrupar agujerear \
         aislar ajustar alambrar alargar alcanzar alertar alfombrar aligerar alimentar \
         alinear alisar alistar almacenar alojar alquilar alterar alternar alumbrar amarrar \
         ambientar amenizar amoldar amonestar amortizar ampliar amueblar analizar anclar \
         anexar animar anodizar anotar anticipar anular anunciar apagar apalancar apartar \
         apelar apilar apisonar aplanar aplazar aplicar aportar apostillar apoyar apretar \
         aprobar apuntar archivar argumentar armar armonizar aromatizar arrancar arrastrar \
         arrendar arrimar asar ascender asear asegurar asentar aserrar asesorar asfaltar \
         asignar asistir asociar aspirar atar atender atenuar aterrizar atornillar atrasar \
         auditar aumentar autenticar automatizar autorizar avalar avanzar aventar averiguar \
         avisar ayudar azulejar preguntar cosechar escriturar batir amasar bachear backupear \
         bajar balancear baldear banar bannear \
         barnizar barrenar barrer blindar bloggear bloquear bootear bordar borrar borronear \
         bosquejar brandear briefear brindar brunir buscar cablear cachear calafatear calcar \
         calcular calendarizar calentar calibrar calificar cambiar canalizar cancelar canjear \
         capacitar capitalizar captar capturar caracterizar cargar castrar catalogar \
         categorizar cementar centralizar centrar cepillar cercar cerrar certificar chapear \
         chapodar chatear checar checkear chequear cifrar cimbrar cimentar circular citar \
         clasificar clavar clickear clonar clorar cobrar cocer cocinar codificar colar colgar \
         colocar colorear combinar comentar comenzar comisionar commitear commitiar compactar \
         compaginar comparar compartir compensar compilar complementar completar compostear \
         comprar comprimir comprobar comunicar concentrar concertar conciliar concluir \
         concretar concursar condensar condicionar conducir conectar configurar confirmar \
         congelar conmemorar conseguir conservar consolidar constatar consultar contabilizar \
         contactar containerizar contar contener contestar contratar contribuir controlar \
         convertir convocar coordinar copiar corroborar cortar coser costear costurar cotejar \
         cotizar cribar cromar cronometrar cropear cruzar cuadrar cuantificar cubrir cuidar \
         cultivar curar custodiar customizar dar decantar decapar decidir decir declarar \
         decorar dedicar deducir defender definir degustar dejar delegar delimitar delinear \
         demandar demarcar demoler demostrar denunciar deployar deployear deponer depositar \
         depurar derivar derribar desactivar desaguar desahogar desalojar desamarrar \
         desarchivar desarmar desarrugar desatascar desatorar desatornillar desazolvar \
         desbloquear desbrozar descalcificar descargar descartar descifrar descimbrar \
         descolgar descomprimir desconectar descongelar descontar descremar describir \
         desechar desembarcar desembolsar desempacar desempenar desempolvar desenchufar \
         desencriptar desengrasar desenredar desenterrar desescombrar desfogar desglosar \
         desgrasar deshabilitar deshacer deshidratar deshierbar deshojar deshuesar \
         desinfectar desinscribir desinstalar deslindar desloguear desmalezar desmanchar \
         desmantelar desmarcar desmochar desmoldar desmontar desocupar desoxidar despachar \
         desparasitar despedir despejar despintar desplazar desplegar desprogramar desratizar \
         destapar destinar destornillar destruir desvincular desyerbar detallar detectar \
         detener determinar devengar devolver diagnosticar diagramar dibujar dictaminar \
         diferir difundir digitalizar diligenciar diluir dirigir discutir disenar disminuir \
         disolver disponer distribuir diversificar dividir divulgar doblar dockerear \
         dockerizar documentar domiciliar donar drenar droppear duplicar echar editar editear \
         educar efectuar ejecutar ejemplificar elaborar elegir elevar eliminar embalar \
         embarcar embellecer embodegar embolsar emboquillar embotellar emitir empacar \
         empalmar empanar empanizar empapelar empaquetar emparchar emparejar empastar \
         empedrar empezar emplacar emplayar emplazar empotrar encajonar encalar encapsular \
         encargar encender encerar encerrar enchapar enchufar encintar encofrar encoger \
         encolar encontrar encriptar encuadernar encuestar enderezar endulzar enfocar enfriar \
         enfundar enganchar engargolar engomar engranar engrapar engrasar enjabonar enjarrar \
         enjuagar enladrillar enlatar enlazar enlistar enlonar enlucir enmallar enmarcar \
         enmendar enmicar enrejar enriquecer enrollar enroscar enrutar ensacar ensamblar \
         ensayar ensenar entablar entallar entarimar entechar enterrar entintar entonar \
         entregar entrenar entretener entrevistar entubar enumerar envasar enviar envolver \
         enyesar equilibrar equipar erradicar esbozar escalar escanear escarbar escoger \
         escoltar escombrar esconder escribir escrolear escuchar escurrir esmaltar esmerilar \
         espaciar esparcir especificar espolvorear esponjar espumar esquilar estabilizar \
         establecer estacar estacionar estampar estandarizar esterilizar estibar estimar \
         estirar estrenar estructurar estucar estudiar etiquetar evaluar examinar excavar \
         exentar exfoliar exhibir exigir expandir expedir explicar explorar exponer exportar \
         exportear exprimir expropiar extender exterminar extraer fabricar facilitar facturar \
         faxear fertilizar festejar fetchear fijar filmar filtrar finalizar firmar fiscalizar \
         flaggear flashear flejar fletar foliar fomentar fondear forjar forkear formalizar \
         formar formatear formular forrar fortalecer forwardear fotocopiar fotografiar \
         fraccionar fregar freir frenar fresar fumigar fundir galvanizar garantizar generar \
         gestionar girar glasear googlear grabar graduar graficar granear grapar gratificar \
         guardar guglear guiar guisar habilitar hablar hacer hardcodear hashear herrar hervir \
         hidratar hidrolavar higienizar hilvanar hojalatear homologar hornear hospedar \
         hostear humedecer identificar iluminar ilustrar impartir impermeabilizar implantar \
         importar impregnar imprimir impugnar impulsar inboxear incentivar incinerar incluir \
         incorporar incrementar indagar indemnizar indexar inducir inflar informar ingresar \
         inhabilitar iniciar injertar inmovilizar inmunizar inscribir insertar insonorizar \
         inspeccionar instalar instruir integrar intercalar intercambiar internar interponer \
         interpretar intervenir introducir inventariar invertir investigar invitar inyectar \
         ir iterar jalar jerarquizar juntar justificar labelear laminar lanchear laquear \
         lavar leer legalizar levantar liberar licitar licuar lijar limpiar linkear liquidar \
         listar litigar llamar llenar llevar localizar logear loggear loguear lubricar \
         macerar machacar machetear mailear mampostear mandar manejar maniobrar mantener \
         mapear maquetar maquilar maquillar marcar marinar masillar matizar matricular \
         maximizar mecanizar medicar medir mejorar membretar mensajear mentorear mergear \
         mergiar meter mezclar migrar minimizar mockear mockupear modelar moderar modificar \
         modular mojar moldear moldurar moler monitorear montar mostrar motivar mover mudar \
         multiplicar musicalizar narrar negociar niobsequiar niquelar nivelar nombrar nominar \
         normalizar notarizar notificar numerar observar obtener ocultar ofertar ofrecer \
         onboardear operar optimizar ordenar orear organizar orientar pactar pagar palear \
         palomear parafrasear parchar parchear parquear parquetear parsear partir pasar \
         pasear pausear pautar pavimentar pedir pegar pelar penalizar perfilar perforar \
         permutar personalizar pesar pespuntear picar pilotear pinear pingear pintar \
         pirograbar pivotear planchar planear planificar plantar plasmar plastificar platicar \
         playear plegar podar polarizar polvear ponderar poner poolear posponer postear \
         postular potabilizar practicar precalentar precisar precocinar predecir prefabricar \
         preinscribir prelavar premiar prender prensar preparar prerregistrar presentar \
         preservar presionar prestar presupuestar prevenir prever printear priorizar probar \
         procesar procurar producir programar prolongar promediar promocionar promover \
         promptear pronosticar proponer prorratear prorrogar prospectar proteger protocolizar \
         prototipar publicar pulimentar pulir pullear pulverizar puntualizar purgar purificar \
         pushear pushiar quemar quitar quotear racionar rallar ranurar rascar rasgar raspar \
         rastrear rastrillar rasurar ratificar reacomodar reagendar reagrupar realizar \
         rebajar rebanar rebasear rebautizar rebobinar rebootear rebrandear recabar recablear \
         recalcular recalendarizar recalentar recapacitar recapturar recargar recaudar \
         recetar rechazar recibir reciclar reclamar reclasificar reclutar recoger recolectar \
         recolgar recolocar recolorear recomendar recomprar reconectar reconfigurar \
         reconfirmar reconocer reconsiderar reconstruir recontactar recontar recontratar \
         recopilar recordar recorrer recortar recotizar recrear rectificar recuperar redactar \
         redecorar redeployar redeployear redimensionar redirigir redisenar redistribuir \
         redondear reducir reembarcar reembolsar reemplazar reencuadrar reenviar reescribir \
         reestructurar reetiquetar refaccionar refactorear refactorizar refinanciar refinar \
         reforestar reformar reformatear reformular reforzar refrendar refrescar refreshear \
         refrigerar regalar regar registrar regresar regularizar rehabilitar rehacer \
         rehidratar rehilar reimprimir reiniciar reinscribir reinstalar reintegrar rejuntar \
         relacionar releer rellenar remachar remarcar remasterizar remitir remodelar remojar \
         remolcar remover renderear renderizar renegociar renombrar renovar rentar \
         reorganizar reorientar repartir repasar repavimentar repellar repetir repintar \
         replantar replantear replicar repoblar reponer reportar reportear reprobar \
         reprocesar reprogramar repujar requerir requisitar rereventar resaltar resanar \
         rescatar rescindir resecar reservar resetear resguardar resizear resolver respaldar \
         responder restablecer restaurar restringir restructurar resumir resurtir retapar \
         retapizar retener retirar retocar retomar retrabajar retrasar retroalimentar \
         reubicar reunir reutilizar revalidar revertir revestir reviewear revisar revocar \
         rifar rociar rodear rollbackear rotar rotomartillar rotular routear rutear sacar \
         sacudir salpicar salvaguardar samplear sancionar sanear sanitizar satinar sazonar \
         scrapear screenshotear scriptear scrollear secar sedar seedear segmentar segregar \
         seguir seleccionar sellar sembrar senalar senalizar sensibilizar separar serializar \
         serigrafiar serruchar servir setear shippear silenciar simplificar simular \
         sincronizar situar skippear sobreponer socializar sofreir soldar solicitar \
         solucionar solventar sondear sonorizar sopesar soplar sopletear sortear sostener \
         spammear stagear streamear subarrendar subastar subcontratar subdividir subir \
         sublimar subrayar subtitular sugerir sujetar sumar suministrar supervisar suplir \
         suprimir surtir suscribir suspender sustituir suturar switchear tabicar tabular \
         tachar tagear taguear taladrar talar tallar tamizar tantear tapar tapetear tapiar \
         tapizar targetear tasar techar teclear tejer templar tenir tensar terminar \
         termosellar terraplenar testear testiar textear timbrar tipear tipificar tirar \
         titular tocar tomar tonificar topografiar tornear tostar trabajar trackear traducir \
         traer tramitar transbordar transcribir transferir transportar trapear traquear \
         trasegar trasladar traspasar trasplantar tratar trazar trenzar triggerear triplicar \
         triturar tronzar troquelar trozar tuitear tumbar turnar tutorar twittear ubicar \
         ultimar unificar uniformar unir untar updatear upgradear uploadear urbanizar usar \
         utilizar vaciar vacunar validar valorar valuar vaporizar variar vectorizar velar \
         vendar vender ventilar ver verificar versionar verter vestir vetar videograbar \
         vigilar vincular visitar visualizar voltear vulcanizar wasapear whatsappear \
         wireframear yesar zanjar zipear zippear zonificar zurcir",
        Kind::Task,
    ),
];
