//! The lead-ins that ask for nothing: greetings and the like, additions, prohibitions, stories.

/// Greetings, politeness and connectives in English.
pub(super) const EMPTY_EN: &str = "\
    while you're there|while you are there|while you're at it|since you're there|\
    since you're at it|yo guys|yo team|i think|i guess|i believe|i feel like|i'm thinking|\
    i am thinking|i figure|we think|now|right now though|it would be|it'd be|that would be|\
    would be|1st|2nd|3rd|action items|actually|after that|again|\
    all right|alright|also one more thing|amigo|and|another thing|anyway|apart from that|\
    apparently|argh|as agreed|as discussed|as i said|as per our call|as we discussed|\
    asking because|basically|before i forget|before that|big favor|boss|\
    bro|btw|buddy|but|by the way|crew|damn|dang|dear|dude|either way|\
    er|evening|everyone|favor|fifth|first|first of all|first off|firstly|folks|\
    for now|for real|for starters|for sure|forgot to mention|fourth|friendly reminder|fwiw|\
    fyi team|gang|gentle reminder|good afternoon|good evening|good morning|\
    guys|guys please|heads up|heads up that|hello|hello all|hello everyone|hello team|\
    here is the list|here is what we need|here's the list|here's what we need|\
    here's what's left|hey|hey all|hey everyone|hey good morning|hey guys|hey team|\
    hey there|heyo|heyy|hi|hi all|hi everyone|hi guys|hi team|hi there|hii|hiya|hmm|\
    hola everyone|honestly|hope all is well|hope you are well|hope you're doing well|\
    hope you're well|hopefully|how are you|how are you doing|how's it going|i forgot|i mean|\
    ideally|if possible|if you can|if you get a minute|if you have a minute|in the meantime|\
    instead|it looks like|it seems|it seems that|it turns out|just|just a reminder|\
    just so you know|kindly|last|last thing|let's do it|let's do this|like|like i said|\
    like we said|listen|looks like|madam|man|mate|maybe|meanwhile|morning|most importantly|\
    my friend|next|next steps|obviously|of course|oh|ok|okay|omg|once that's done|\
    one last thing|one question|one quick thing|one thing|only|oops|or|other than that|\
    people|per our call|per the client|perhaps|please|pls|plz|preferably|problem is|\
    question|quick|quick favor|quick one|quick question|quick reminder|really|reminder|\
    reminder for everyone|right|second|secondly|seems like|sir|sir please|small ask|\
    small favor|small thing|so|so basically|soo|sooo|sorry|still|sup|team|thank you|thanks|\
    the first is to|the first thing is|the first thing is to|the issue is|the issue is that|\
    the last is to|the last one is to|the last thing is to|the other thing is|\
    the problem is|the problem is that|the second is to|the second thing is|\
    the second thing is to|the thing is|the third is to|the third thing is|\
    the third thing is to|third|thirdly|to be clear|to begin with|to do|\
    to start|today's list|todo|turns out|ugh|uh|uhm|um|well|what's up|\
    when possible|when you get a sec|when you have a sec|wow|yeah|yep|yes|you know";

/// Greetings, politeness and connectives in Spanish.
pub(super) const EMPTY_ES: &str = "\
    sí|pienso que|siento que|considero que|ahora|ahorita|ahora si|por el momento|le recuerdo que|\
    les recuerdo que|te recuerdo que|recuerdo que|recuerda que|recuerden que|recuerde que|\
    acuerdate que|acuerdense que|nada mas recuerda que|a lo mejor|a ver|ahi les va|ahi les van|\
    ahi te va|ahi te van|ahi va|ahi van|\
    ahorita que puedas|al parecer|amiga|amigas|amigos|andale|antes de eso|aprovechando|\
    arqui|arquitecto|asi que|ay|banda|basicamente|bros|buen dia|buen dia a todos|buenas|\
    buenas a todos|buenas noches|buenas tardes|bueno|buenos dias|capaz|carnal|chale|chavos|\
    chicas|chicos|chin|colegas|comadre|como andan|como andas|como estan|como estas|\
    como les dije|como platicamos|como quedamos|como te dije|como va|compadre|companeros|\
    compas|contador|contadora|creo que|cuarto|de favor|de pasada|\
    de preferencia|de ser posible|de una vez|despues de eso|digo|disculpa|\
    disculpa la molestia|disculpe|disculpen|disculpen la molestia|doctor|doctora|don|dona|\
    e|eh|el caso es que|el primero es|el problema es que|el segundo es|\
    el tercero es|en cuanto puedas|en primer lugar|en segundo lugar|en su caso|\
    en tercer lugar|entonces|entonces ya|equipo|es que|este|esto|estoy viendo que|excelente|\
    ey|fijate|fijate que|fijense|fijense que|gente|gracias|guey|hermano|hola|hola a todos|\
    hola equipo|hola hola|hola team|holaa|holi|idealmente|igual y|inge|inge por favor|\
    ingeniero|jefa|jefe|la neta|la primera es|la segunda es|la tercera es|la verdad|\
    la verdad es que|les aviso que|les comento|les comento que|les cuento|les cuento que|\
    les paso los pendientes|lic|licenciada|licenciado|listo|listo entonces|lo cuarto es|\
    lo primero|lo primero es|lo que pasa es que|lo segundo|lo segundo es|lo tercero|\
    lo tercero es|lo ultimo|lo ultimo es|los molesto|maestro|manito|mano|mas que nada|\
    me avisan que|me comentan que|me dicen que|me dijeron que|me dijo que|me reportan que|\
    mejor|mientras tanto|mil gracias|mira|miren|muchachas|muchachos|muchas gracias|nada mas|\
    nada mas que|namas|nmms|no manches|noma|nomas|nomas que|nos avisan que|nos dicen que|\
    nos dijeron que|nos reportan que|nota|o|o sea|oiga|oigan|oigan chicos|orale|osea|\
    osea que|otra cosita|oye|oye por favor|parece que|pasa que|patron|patrona|pendiente|\
    pendientes|perdon|perdon por la hora|perdona|perdonen|perdonen la hora|perfecto|pero|\
    por ahora|por cierto|por favor|por lo pronto|por mientras|por otra parte|por otro lado|\
    por ultimo pero no menos importante|porfa|porfavor|porfis|pos|pregunta|primero|profe|\
    profesor|profesora|ps|pues|que hay|que hubo|que onda|que rollo|que tal|que tal a todos|\
    quinto|quiubo|quiza|quizas|raza|recordatorio|recuerden que|reportan que|resulta|\
    resulta que|sale|saludos|segun el cliente|segun lo platicado|segun yo|segundo|senor|\
    senora|sera que|si es posible|si se puede|sobres|solamente|solo|te aviso que|te comento|\
    te comento que|te cuento|te cuento que|te molesto|te paso los pendientes|tercero|todos|\
    total que|ufa|un favor|un favorcito|un favorsote|una cosa|\
    una cosita|una disculpa|una duda|una pregunta|unicamente|ups|urgente equipo|\
    uy|va|va que va|veo que|vi que|vimos que|wey|xfa|xfavor|y|y ya|\
    ya que andas por ahi|ya que estan ahi|ya que estas ahi|yo creo que";

/// What is added to what was said before.
pub(super) const ADDS: &str = "\
    a y|additionally|ademas|ademas de eso|ah y|also|and after that|and also|and lastly|\
    and one more thing|and please|and then|aparte|aparte de eso|as an extra|as well as|\
    asimismo|besides|de igual forma|de igual manera|de paso|despues|en seguida|enseguida|\
    extra|finally|igual|igualmente|in addition|lastly|luego|mas aparte|oh also|oh and|\
    on top of that|once done|one more|one more thing|otra cosa|otra cosa mas|plus|\
    por ultimo|posteriormente|seguido|tambien|then|too|una cosa mas|una ultima cosa|\
    while at it|while you're at it|y ademas|y aparte|y de paso|y despues|y luego|\
    y otra cosa|y por ultimo|y si pueden|y si puedes|y tambien|y ya de paso|ya de paso";

/// What follows shall not be done.
pub(super) const FORBIDS: &str = "\
    deja de|dejen de|deje de|ya dejen de|ya deja de|please stop|abstenganse de|avoid|\
    be careful not to|better not|careful not to|cuidado con|do n't|\
    nobody needs to|nobody has to|nobody should|no one needs to|no one should|nobody please|\
    nobody|no one|do not|do not bother|doesn't need|doesn't need to|don't|don't bother|don't need|\
    don't need to|don't want|don't worry about|don't you|dont|dont worry about|evita|evitar|\
    eviten|favor de no|favor no|forget about|he doesn't need|he doesn't want|hold off on|\
    i no longer need|leave|let's not|lets not|mejor no|must not|nadie|never|never mind|\
    nevermind|ni|ni se les ocurra|no|no es necesario|no hace falta|no hay que|\
    no longer need|no longer need to|no longer want|no necesitamos|no necesito|no need to|\
    no ocupamos|no ocupo|no queremos|no quiere|no quieren|no quiero|no vaya a|no vayan a|\
    no vayas a|nunca|ojo con|olvidate de|olvidense de|por favor no|porfa no|prohibido|que nadie|que no|\
    she doesn't need|she doesn't want|should not|shouldn't|sin|skip|stay away from|tampoco|\
    there's no need to|they don't need|they don't need to|they don't want|we don't have to|\
    we don't need|we don't need to|we don't want|we no longer need|we won't|we won't be|\
    we won't need|won't need|ya no|ya no hace falta|ya no necesitamos|ya no necesito|\
    ya no ocupamos|ya no ocupo|you don't have to|you guys don't need to";

/// What follows is told, not asked.
pub(super) const TELLS: &str = "\
    let me check|let me see|let me look|let me think|let me ask|let me get back|let me find out|\
    anybody want|anyone want|anybody wants|anyone wants|who wants|anyone up for|anybody up for|\
    who's up for|quien quiere|alguien quiere|quien se apunta|quienes quieren|a ver si sale|\
    a ver si hay|a ver si queda|a ver si quedan|a ver si alcanza|a ver si llega|\
    on my way|on our way|on the way|ya voy|en camino|voy en camino|when's|where's|how's|do i|\
    do we|am i|does this|does that|after|ahi nos vemos|all that|already|already done|although|\
    antes de|\
    antes de que|are you|as|as you can see|as you know|aunque|avisame|avisenme|because|\
    by the way i|call me|can you tell|cause|como|como les|como te|como ya|congrats on|\
    could you tell|cual|cuales|cuando|cuanto|cuentame|cuz|despues de|despues de que|did you|\
    diganme|dime|do you|does it|donde|el que|en caso de|en caso de que|en cuanto|escribeme|\
    espero que esten|espero que estes|espero que les|espero que te|espero que todo|\
    even though|everything that|excited to|fyi|glad that|glad to|good to|gracias a|\
    gracias por|great to|hablame|happy to|has already|have already|have you|he already|\
    heard that|hope that|how|i already|i heard|i hope|i hope that|i think that|\
    i'll let you know|i've already|if|in case|is it|is there|just finished|\
    just so you know that|la que|las que|let me know|llamame|llamenme|lo que|los que|\
    marcame|marquenme|me avisan|me avisas|me da gusto|mientras|nos vemos|once|para que|\
    ping me|por cierto que|por si|por si acaso|porque|pq|puesto que|que bueno que|que gusto|\
    que hay que|que me|que nos|que padre que|que se|que tenemos que|quien|reason being|\
    recuerda que el|recuerda que la|remember that|see you|she already|si|since|\
    so that|sorry about|sorry for|tell me|text me|thank you for|thanks for|the one that|\
    the reason is|they already|una vez|unless|we already|we've already|what|what's|when|\
    whenever|where|whether|which|while|who|who's|why|will let you know|xq|ya|ya que";
