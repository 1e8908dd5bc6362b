//! The lead-ins that ask, wish and want.

/// A verb follows that is asked for, in English.
pub(super) const ASKS_EN: &str = "\
    make sure that|be sure that|ensure that|see to it that|see that|ensure|\
    i was wondering if you could|i was wondering if someone could|i was wondering if we could|\
    was wondering if you could|was wondering if someone could|wondering if you could|\
    i wonder if you could|i'm wondering if you could|i was hoping to|we ought to|you'd better|\
    we'd better|we had better|somebody ought to|all i need is for you to|all that's left is to|\
    all we need to do is|\
    wondering if someone can|wondering if someone could|wondering if somebody can|\
    wondering if you can|wondering if we can|wondering if we could|you think we can|\
    you think you can|you think you could|you think we could|think we can|think we could|\
    all you have to do is|another thing is to|any chance of|any chance someone could|\
    any chance we could|any chance you can|any chance you could|any way to|anyone able to|\
    appreciate if you could|ask her to|ask him to|ask someone to|ask them to|\
    asked for us to|asked me to|asked us to|be sure and|be sure to|be sure you|\
    boss wants us to|can i get you to|client wants us to|come and|could i get you to|\
    customer wants us to|do not forget|do not forget to|do you mind|do you think we could|\
    do you think you can|do you think you could|don't forget|don't forget to|dont forget|\
    dont forget to|feel free to|first we need to|get her to|get him to|get someone to|\
    get them to|go ahead and|go and|going to need you to|gonna need you to|got to|gotta|\
    has to|have her|have him|have someone|have them|have to|he asked us to|he wants us to|\
    help me|help me to|help to|help us|hoping you can|hoping you could|\
    how about we|i gotta|i have to|i need for you to|i need someone to|i need to|\
    i need u to|i need you guys to|i need you to|i propose to|i propose we|i still need to|\
    i suggest to|i suggest we|i want to|i want you to|i was hoping we could|\
    i was hoping you could|i would like to|i would like you to|i would love to|\
    i'd appreciate if you could|i'd appreciate it if you could|i'd like to|i'd like us to|\
    i'd like you to|i'd love it if we could|i'd love it if you could|i'd love to|\
    i'll need you to|i'm asking you to|if someone could|if you could|if you could please|\
    important to|is it possible to|is there a way to|is there any way to|it is important to|\
    it is necessary to|it's important that we|it's important that you|it's urgent that you|\
    it's urgent that we|it's critical that you|it's critical that we|it is important that you|\
    it is urgent that you|it's important to|it's necessary to|\
    it's on us to|it's time to|it's up to us to|it's urgent to|job is to|kindly help to|\
    let us|let's|let's please|lets|looking to|make sure|make sure to|make sure we|\
    make sure you|maybe we could|maybe you could|must|need help to|need somebody to|\
    need someone to|need to|need u to|need you guys to|need you to|needs to|never forget to|\
    next step is to|next we need to|our next step is to|owner wants us to|please be sure to|\
    please help me|please help to|please help us|please make sure to|please remember to|\
    pls help me|remember to|requesting you to|she asked us to|she wants us to|\
    should|somebody has to|somebody needs to|somebody please|somebody should|someone could|\
    someone has to|someone needs to|someone please|someone should|still has to|\
    still have to|still need to|supposed to|task is to|tell her to|tell him to|tell them to|\
    the boss wants us to|the client wants us to|the client wants you to|\
    the client would like us to|the first task is to|\
    the first thing to do is|the goal is to|the idea is to|the next step is to|\
    the only thing left is to|the other thing is to|the owner wants us to|the plan is to|\
    the second task is to|the task is to|then we need to|they asked to|they asked us to|\
    they need to|they want us to|they want you to|they would like us to|\
    they'd like us to|they'll need to|think you can|think you could|time to|\
    try and|try to|u have to|u need to|urgent to|want us to|want you to|wants me to|\
    wants us to|wants you to|we are going to|we are gonna|we are looking to|\
    we are supposed to|we could|we got to|we gotta|we have to|we must|we need help to|\
    we need someone to|we need to|we ought to|we plan to|we should|we still have to|\
    we still need to|we want to|we want you to|we will have to|we will need to|\
    we would like you to|we would love to|we'd appreciate if you could|we'd like to|\
    we'd like you to|we'd love to|we'll have to|we'll need to|we'll need you to|\
    we're going to|we're looking to|we're supposed to|we've got to|what i need is to|\
    what if we|what we need is to|what's left is to|whats left is to|why don't we|\
    why don't you|would it be possible to|would like to|would love to|would y'all|\
    would you mind|ya need to|you could|you guys need to|you have to|you need to|you should|\
    you'll have to|you'll need to|you're supposed to|your job is to";

/// A verb follows that is asked for, in Spanish.
pub(super) const ASKS_ES: &str = "\
    quien se avienta a|quien se anima a|quien se rifa a|quien me hace el favor de|\
    quien nos hace el favor de|encarguense de que|encargate de que|encarguese de que|vigilen que|\
    vean que|me preguntaba si podrias|me preguntaba si podrian|me preguntaba si puedes|\
    queria ver si puedes|queria ver si pueden|queria ver si podrias|queria ver si podrian|\
    queria saber si puedes|queria saber si pueden|queria saber si podrian|\
    quisiera saber si pueden|quisiera saber si puedes|deberiamos|deberian|deberias|deberia|\
    deberiamos de|tendriamos que|tendrian que|tendrias que|tendria que|asegurate de que|\
    asegurense de que|asegurense que|asegurate que|procuren que|procura que|a ver si|\
    a ver si alguien puede|a ver si me|a ver si nos|a ver si pueden|\
    a ver si puedes|acordamos|acuerdate de|acuerdense de|ai que|apoyame|apoyame a|\
    apoyame con|apoyenme|apoyenme a|apoyenme con|apoyenos|apoyo con|apoyo para|asegurate de|\
    aseguren|asegurense de|ay que|ayuda con|ayuda para|ayudame|ayudame a|ayudame con|\
    ayudanos a|ayudenme|ayudenme a|ayudenos|ayudenos a|ayudenos con|convendria|conviene|\
    creen que podrian|creen que puedan|crees que podamos|crees que podrias|crees que puedas|\
    debe|debemos|deben|debes|debo|dedicate a|dediquense a|dice que hay que|\
    dicen que hay que|dijeron que hay que|dijo que hay que|echame la mano|\
    echame la mano con|echame una mano con|echenme la mano con|el plan es|\
    el siguiente paso es|empecemos por|empiecen a|empiecen por|empieza por|encargate de|\
    encarguense de|es hora de|es importante|es indispensable|es necesario|es posible|\
    es preciso|es prioridad|es prioritario|faltaria|favor de|favor de no olvidar|\
    habra chance de|habra forma de|habra manera de|habra que|habria que|hagame el favor de|\
    hagame favor de|hagan favor de|haganme favor de|haria falta|hay chance de|hay forma de|\
    hay k|hay manera de|hay q|hay que|hay que empezar a|hay que empezar por|hay que ir a|\
    hay que pasar a|hay que ponerse a|hay que tratar de|hay que ver como|haz favor de|\
    hazme el favor de|hazme el paro con|hazme el paro de|hazme favor de|hubiera que|intenta|\
    intenten|la idea es|la tarea es|le solicito|le toca|les toca|lo que queda es|\
    lo que sigue es|lo que toca es|lo siguiente es|me apoyan|me apoyan a|me apoyan con|\
    me apoyarias a|me apoyas|me apoyas a|me apoyas con|me ayuda|me ayuda a|me ayudan|\
    me ayudan a|me ayudan con|me ayudarian a|me ayudarias a|me ayudas|me ayudas a|\
    me ayudas con|me das una mano con|me echan la mano con|me echas la mano a|\
    me echas la mano con|me echas la mano para|me echas una mano con|me hace el favor de|\
    me hace favor de|me hacen el favor de|me hacen favor de|me haces el favor de|\
    me haces el paro con|me haces el paro de|me haces favor de|me hechas la mano con|\
    me podrias ayudar a|me pueden apoyar con|me pueden ayudar a|me pueden ayudar con|\
    me puedes apoyar con|me puedes ayudar a|me puedes ayudar con|me tiras paro con|\
    me tocaria|necesito apoyo con|necesito apoyo para|necesito ayuda con|\
    necesito ayuda para|necesito de su apoyo para|necesito su ayuda para|\
    necesito tu ayuda para|no dejen de|no dejes de|no olviden|no olvides|no se les olvide|\
    no se les vaya a olvidar|no se te olvide|no se te vaya a olvidar|nos apoyan|nos apoyas|\
    nos apoyas con|nos ayudan|nos ayudan a|nos ayudarias a|nos ayudas|nos ayudas a|\
    nos echan la mano con|nos echas la mano con|nos pueden ayudar con|nos queda|nos toca|\
    nos tocaria|pasen a|ponganse a|pongase a|ponte a|por favor de|porfa de|procura|procuren|\
    propongo|puedes ayudarme a|que no se les olvide|que no se te olvide|queda por|\
    quedamos en|quedan por|quien pueda|recordar|recuerda|recuerden|se acordo|se debe|\
    se deben|se encargan de|se me olvido decirles|se me olvido pedirte|se tendra que|\
    se tendria que|se tiene que|sera posible|sera que pueden|sera que puedes|seria posible|\
    si me ayudan a|si me ayudan con|si me ayudas a|si me ayudas con|si me hacen favor de|\
    si me haces el favor de|si me haces favor de|si me pueden|si me puedes|si nos pueden|\
    si nos puedes|sirvanse|sirvase|su apoyo con|su apoyo para|su ayuda con|su ayuda para|\
    su tarea es|sugiero|te toca|tendra que|tendremos que|tendriamos que|tendrian que|\
    tendrias que|tenemos que|tengo que|tiene que|tienen que|tienes que|toca|trata de|\
    traten de|tu apoyo con|tu apoyo para|tu ayuda con|tu ayuda para|tu tarea es|vamos a|\
    vamos a tener que|van a tener que|vas a tener que|vaya a|vayan a|vengan a|vente a|\
    ya es hora de";

/// A verb follows that may be asked for, or not.
pub(super) const WISHES: &str = "\
    yo can you|yo can somebody|yo can someone|yo could you|yo could somebody|yo could someone|\
    queria pedirte que|queria pedirles que|queria pedirle que|quiero pedirte que|\
    quiero pedirles que|quiero pedirle que|agradeceria que|agradezco que|alguien podria|\
    alguien puede|are you able to|\
    buscamos a alguien que|\
    busco a alguien que|busco alguien que|can any of you|can anyone|can i get someone to|\
    can one of you|can somebody|can somebody please|can someone|can someone please|can u|\
    can u pls|can we|can we get someone to|can y'all|can you|can you get someone to|\
    can you guys|can you guys please|can you have someone|can you help me|can you help us|\
    can you please|can you pls|convendria que|conviene que|\
    could any of you|could one of you|could somebody please|could someone|\
    could someone please|could u|could u pls|could we|could we get someone to|could y'all|\
    could you|could you get someone to|could you guys|could you help me|could you please|\
    could you please help me|dile que|diles que|el cliente pide que|\
    el cliente pidio que|el cliente quiere que|el director pidio que|el dueno quiere que|\
    el jefe pidio que|el jefe quiere que|es importante que|es indispensable que|\
    es necesario que|es posible que|es urgente que|espero que|hace falta alguien que|\
    hace falta que|\
    la clienta pidio que|la clienta quiere que|la directora pidio que|\
    la directora quiere que|la duena quiere que|la jefa pidio que|la jefa quiere que|\
    me puede|nos puede|les puede|lo puede|la puede|los puede|las puede|me podria|nos podria|\
    les podria|la pueden|la puedes|las pueden|las puedes|le agradeceria que|le encargo que|\
    le pido que|\
    le podrian|le pueden|le puedes|les agradeceria que|les encargaria que|les encargo que|\
    les pido que|les podrias|les pueden|les puedes|lo pueden|lo puedes|\
    los clientes piden que|los clientes quieren que|los pueden|los puedes|\
    manda a alguien que|manden a alguien que|me haces favor de que|me late que|me piden que|\
    me pidieron que|me podrian|me podrias|me pueden|me puedes|me urge que|\
    necesitamos a alguien que|necesitamos alguien que|necesitamos que|\
    necesitamos que alguien|necesito a alguien que|necesito alguien que|necesito que|\
    necesito que alguien|nos piden que|nos pidieron que|nos pidio|nos pidio que|nos podrian|\
    nos podrias|nos pueden|nos puedes|nos urge que|ocupamos que|ocupamos que alguien|\
    ocupo a alguien que|ocupo alguien que|ocupo que|ocupo que alguien|os pido que|pide que|\
    piden que|pidieron que|pidio que|pido que|podemos|podria|podriamos|podrian|\
    podrian por favor|podrias|podrias por favor|preferiria que|prefiero que|\
    propongo que|puedan|puede|pueden|pueden por favor|puedes|puedes por favor|\
    que|que alguien|queremos que|quien me ayuda a|quien me puede|quien nos puede|\
    quien podria|quien puede|quiere el cliente que|quiere que|quieren que|quiero que|\
    quiero que alguien|quisiera que|quisieramos que|se necesita alguien que|se necesita que|\
    se podria|se puede|sera posible que|si alguien pudiera|si alguien puede|si podemos|\
    si pudiera|si pudieran|si pudieras|si pueden|si puedes|sugiero que|te agradeceria que|\
    te encargaria que|te encargo que|te pido que|urge alguien que|urge que|\
    will you|will you be able to|would anybody|would someone|would you|would you be able to|\
    would you be so kind to|would you please";

/// A thing follows that is wanted, or a verb.
pub(super) const WANTS: &str = "\
    i'm gonna need|im gonna need|we're gonna need|can i get|could i get|i'd need|we'd need|\
    i would need|we would need|todavia nos falta|todavia nos faltan|\
    todavia me falta|todavia me faltan|aun nos falta|aun nos faltan|aun me falta|aun me faltan|\
    solo nos falta|solo nos faltan|solo me falta|solo me faltan|nomas nos falta|nomas me falta|\
    nada mas nos falta|nada mas me falta|ya solo falta|ya solo faltan|ya nomas falta|\
    we owe|i owe|le debemos|les debemos|needed|se ocupan|se busca|se solicita|se buscan|\
    se solicitan|queria pedirte|queria pedirles|quiero pedirte|quiero pedirles|all that's left is|\
    andamos buscando|andamos necesitando|ando buscando|ando necesitando|\
    aun falta|aun faltan|boss wants|buscamos|busco|can i have|can we have|client wants|\
    client would like|clients want|could i have|could use|could we have|customers want|\
    debemos tener|el cliente necesita|el cliente pide|el cliente pidio|el cliente quiere|\
    el director pidio|el director quiere|el dueno pidio|el dueno quiere|el jefe necesita|\
    el jefe pidio|el jefe quiere|encargaron|es urgente|esta pendiente|estan pendientes|\
    falta|falta nomas|faltan|gonna need|guests want|hace falta|hacen falta|hara falta|\
    haran falta|hay que tener|he needs|he wants|he'd like|hoping for|i am going to need|\
    i am looking for|i could use|i need|i need to have|i request|i require|i still need|\
    i want|i want to have|i would like|i would love|i would love to have|i'd like|\
    i'd like to have|i'd love|i'd love to have|i'd love to see|i'll need|i'm going to need|\
    i'm looking for|id like|id love|in need of|la clienta pide|la clienta pidio|\
    la clienta quiere|la directora pidio|la directora quiere|la duena quiere|\
    la jefa necesita|la jefa pidio|la jefa quiere|le encargo|le pido|les encargo|\
    les hace falta|les pido|les solicito|lo que falta es|lo que necesitamos es|\
    lo que necesito es|lo que ocupo es|lo que queremos es|lo unico que falta es|looking for|\
    los clientes piden|los clientes quieren|los molesto con|me consigues|me encargaron|\
    me falta|me hace falta|me late|me piden|me pidieron|me regalan|me regalas|me urge|\
    me urgiria|my boss needs|my boss wants|nada mas falta|necesitamos|necesitamos tener|\
    necesitan|necesitare|necesitaremos|necesitaria|necesitariamos|necesito|necesito tener|\
    need|need to get|need to have|needs|nomas falta|nomas faltan|nos consigues|\
    nos corre prisa|nos encargaron|nos falta|nos faltan|nos hace falta|nos hacen falta|\
    nos piden|nos pidieron|nos queda pendiente|nos urge|nos urgiria|ocupamos|ocuparia|\
    ocupariamos|ocupo|only thing missing is|owner wants|pendiente de|people want|pide|piden|\
    pidieron|pido|please provide us with|queda pendiente|quedan pendientes|\
    quedaron pendientes|quedo pendiente|queremos|queremos tener|quiero|quisiera|\
    quisiera tener|quisieramos|quisieramos contar con|quisieramos tener|requerimos|\
    requesting|requiero|requiring|se necesita|se necesitan|se ocupa|se requiere|\
    se requieren|she needs|she wants|she'd like|sigue pendiente|siguen pendientes|\
    solicitamos|solicito|solo falta|solo faltan|still missing|still need|still need to get|\
    te encargo|te molesto con|te pido|te solicito|tenemos pendiente|tenemos que tener|\
    tengo pendiente|the boss needs|the boss wants|the client needs|the client wants|\
    the client would like|the customer wants|the only thing left is|the owner needs|\
    the owner wants|the team needs|the team wants|they also need|they also want|they need|\
    they want|they would like|they'd like|todavia falta|todavia faltan|urge|urgen|\
    users want|va a necesitar|vamos a necesitar|vamos a ocupar|van a necesitar|\
    voy a necesitar|voy a ocupar|want|want to have|wants|we are going to need|\
    we are in need of|we are looking for|we are missing|we are short on|\
    we are still missing|we could use|we need|we need to have|we request|we require|\
    we still need|we want|we will need|we would like|we would love|\
    we would love to have|we'd like|we'd like to have|we'd love|we'd love to have|\
    we'll need|we're going to need|we're gonna need|we're in need of|we're looking for|\
    we're missing|we're short on|we're still missing|wed like|what i need is|what i want is|\
    what we need is|what we want is|what's left is|what's missing is|whats left is|\
    will need|would like|would like to have|would love|would love to have|would love to see|\
    you need";
