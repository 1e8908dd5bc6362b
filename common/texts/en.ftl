# What FocoBot says in English. The wordings that other programs rely on are marked "fixed".

# fixed
linked =
    ✅ WhatsApp linked to your Foco account!
    You can now send proposals and receive notifications.

# fixed
proposal-created = ✅ Proposal created!
# fixed
proposal-items = 📝 { $count ->
    [one] 1 item
   *[other] { $count } items
}
# fixed
proposal-hours = ⏱️ { $count ->
    [one] 1 hour estimated
   *[other] { $count } hours estimated
}
# fixed
proposal-no-hours = ⏱️ No estimate yet
# fixed
proposal-view = View: { $link }
# fixed
proposal-rough = ⚠️ Rough estimate
proposal-project = 📁 { $project }
proposal-project-only = 📁 It is your only project, so I used it.
proposal-timezone = 🕒 I counted the days by the time in { $city ->
    [Mexico_City] Mexico City
    [Sao_Paulo] São Paulo
    [Buenos_Aires] Buenos Aires
    [Bogota] Bogotá
   *[other] { $city }
}; set your time zone in Foco if that is wrong.
proposal-hours-missing = ⏱️ { $count ->
    [one] 1 item has no estimate yet.
   *[other] { $count } items have no estimate yet.
}
proposal-item-hours = { $hours } h
proposal-item-minutes = { $minutes } min
proposal-more-items = … and { $count } more, at the link above
weekday = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
date = { weekday }, { month } { $day }
date-far = { date }, { $year }
priority-low = low priority
priority-high = high priority
priority-urgent = urgent

no-work = 🤔 I found nothing to do in that. Tell me what you need, for example: “Add a login page by Friday, 8 hours”. /help shows more.
no-work-greeting = 👋 Hi! I turn what you need into proposals. Tell me, for example: “Add a login page by Friday, 8 hours”. /help shows more.
no-work-thanks = 😊 You're welcome! I'm here whenever you need something.
no-work-fine = 👍 I'm here. Whenever you need something, just write it.
no-work-take-back = To take back your last request, send /undo

help =
    💡 *What I can do*
    Write what you need and I make a proposal of it, for example:
    _Add login page and user dashboard by Friday, about 8 hours_

    /project – choose a project
    /workspace – choose a workspace
    /list projects – your projects
    /list tasks – open tasks of the project
    /more – go on with a list
    /undo – take back your last request
    /status – where we are
    /clear – start afresh
    /unlink – unlink this phone
    VERIFY 123456 – link this phone
unknown-command = I don't know { $command }. Send /help to see what I can do.
unknown-command-meant = I don't know { $command }. Did you mean { $meant }? /help shows all I can do.
slash-missing = Did you mean { $meant }? Commands begin with a slash; /help shows them all.
list-usage = Send /list projects or /list tasks.

not-linked =
    This phone is not linked to a Foco account yet.
    Link it at { $link } and send me the code: VERIFY 123456
help-stranger =
    👋 I am FocoBot. You write to me here what is to be done, and I make proposals with tasks, hours and days of it in Foco.
    To begin, link this phone to your Foco account at { $link } and send me the code that you see there.
leave =
    I only write when you write, or when something of yours has changed.
    To unlink this phone, send /unlink. To get nothing from me any more, block this chat in WhatsApp.
leave-stranger =
    This phone is linked to no account, and I only write when you write. To get nothing from me any more, block this chat in WhatsApp.
verify-usage = Send VERIFY and the code that Foco shows you, for example: VERIFY 123456
verify-wrong = That code is not right or has expired. Check it, or make a new one at { $link }
verify-too-many = Too many wrong codes. Make a new one at { $link } and send it here.
verify-taken = This phone is linked to another Foco account. Unlink it there first: { $link }
verify-locked = Too many wrong codes from this phone. Wait { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}, then make a new one at { $link } and send it here.

unlink-ask =
    ❓ Shall I unlink this phone from your Foco account? I will forget what we were working in and drop what waits for a project.
    Send YES, or /unlink again. NO leaves it linked.
unlink-stay = 👍 This phone stays linked.
unlinked =
    🔌 Done: this phone is no longer linked to your Foco account.
    To link it again: { $link }
# Said on the phone when somebody else than its holder did it.
unlinked-web =
    🔌 This phone was unlinked from your Foco account, on the web. Nothing that you write here reaches Foco any more.
    To link it again: { $link }
unlinked-operator =
    🔌 Foco's support has unlinked this phone from your Foco account.
    To link it again: { $link }
unlinked-replaced =
    🔌 Your Foco account is linked to another phone now, so this one is no longer linked.
    If that was not you, look into your account: { $link }
link-tried = 🔔 Somebody tried to link this phone to another Foco account. It stays linked to yours, and there is nothing you need to do.
# The code that is typed on Foco's page.
link-code =
    🔑 { $code } is your code to link this phone to Foco. Type it on the page that asks for it, within ten minutes.
    If you did not ask for it, leave it be, and pass it on to nobody.

status =
    🏢 *Workspace:* { $workspace }
    📁 *Project:* { $project }
    🗣️ *Language:* English
    I keep this for { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    } after your last message.
none-chosen = none chosen yet

project-chosen = 📁 You are now in { $project } ({ $workspace }). Write what you need.
project-chosen-waiting = 📁 You are now in { $project } ({ $workspace }). { $count ->
    [one] I am working on the request that was waiting.
   *[other] I am working on the { $count } requests that were waiting.
}
project-none = You have no projects yet. Make one at { $link }
project-none-waiting = 📥 I keep your request. You have no projects yet: make one at { $link } and then choose it with /project
project-unknown = I find no project called “{ $name }”. Which one? Send its number, or /project and its name:
project-choose = Which project? Send its number, or /project and its name:
project-choose-waiting = 📥 I keep your request. Which project is it for? Send its number, or /project and its name:
projects = 📁 *Your projects*
list-more = … and { $count } more: /more
more = ➡️ *Here is more*
more-end = That was the whole list.
more-nothing = There is no list to go on with. Send /list projects or /list tasks.
workspace-chosen = 🏢 You are now in { $workspace }. Which project? Send its number, or /project and its name:
workspace-chosen-same = 🏢 You are still in { $workspace }, and in its project { $project }.
workspace-chosen-empty = 🏢 You are now in { $workspace }. It has no projects yet: make one at { $link } and then choose it with /project
workspace-unknown = I find no workspace called “{ $name }”. Which one? Send its number, or /workspace and its name:
workspace-choose = Which workspace? Send its number, or /workspace and its name:
workspace-none = You belong to no workspace yet. Make one at { $link }
tasks = 📋 Open tasks of { $project }
tasks-none = 📋 { $project } has no open tasks.
tasks-no-project = Choose a project first, with /project
pick-nothing = I am not waiting for a number. Send /project to see your projects, or /help to see what I can do.
pick-out-of-range = Send a number from 1 to { $count }.
cleared = 🧹 Done: no project is chosen now. { $dropped ->
    [0] { $kept ->
        [0] We start afresh.
       *[other] Your workspace stays.
    }
    [one] I dropped the request that was waiting.
   *[other] I dropped the { $dropped } requests that were waiting.
}

cancelled = 🚫 Cancelled, no proposal made: “{ $request }”
undo-cancelled = ↩️ I took back your request “{ $request }”.
undone = ↩️ I took back the proposal “{ $title }” with its { $count ->
    [one] 1 item
   *[other] { $count } items
}.
undo-nothing = There is nothing to take back.
undo-too-late = Your last proposal is older than { $minutes } minutes, so I leave it. You can delete it in Foco.
undo-no-draft = Your last proposal is no longer a draft, so I leave it. You can see it in Foco.
expired = ⌛ Your request waited 24 hours for a project, so I let it go: “{ $request }”. Send it again if you still need it.
context-lost = ℹ️ What we were working in is archived or no longer open to you, so it is not chosen any more.

unsupported-media = So far I only read text. Write what you need, or add a caption to the picture or file.
unsupported-audio = I cannot listen to voice messages yet. Write what you need, please.
unsupported-location = I cannot use locations yet. Write what you need, and the address if it matters.
unsupported-contacts = I cannot use contact cards yet. Write what you need, please.
unsupported-sticker = 🙂 Nice one! But I only read text. Write what you need.
unsupported-other = I cannot read that kind of message yet. Write what you need as text, please.

working = ⏳ Working on it…
waiting-model = ⏳ I cannot read requests right now. I keep yours and answer as soon as I can; you need not send it again.
failed-for-now = ⚠️ Something went wrong on our side. Your message is safe: somebody will look at it, and you need not send it again.
failed = ⚠️ I could not carry out your request. Please send it again; if it keeps failing, write to support.
failed-not-linked = This phone was unlinked before I had read your request, so I made no proposal.
failed-no-access = You cannot add work to that project, so I made no proposal. Choose another with /project
failed-project-closed = That project was archived before I had read your request, so I made no proposal. Choose another with /project
failed-empty = I could not make out any task in that. Please say it in other words, one task a line.

not-linked-then = ⏳ That message reached me late: when you sent it, this phone was not linked yet to the Foco account that it has now, so I did nothing with it. Send it again if you want it done.
unproven = ⏳ That message reached me late, and I cannot be sure that it came from you, so I did nothing with it. Send it again if you want it done.
stale = ⏳ That message reached me late and you have written since, so I changed nothing. Send it again if you still want it.
delayed = ⏳ Sorry for the delay: your message reached me { $hours ->
    [one] an hour
   *[other] { $hours } hours
} after you sent it.

undelivered-never = ℹ️ WhatsApp did not let my last answer through to you. Send your message again if you still need it.
undelivered-retry = ℹ️ My last answer did not reach you, although I tried several times. Send your message again if you still need it.
undelivered-operator = ℹ️ My last answer did not reach you because of a fault on our side, which we are looking into. Send your message again if you still need it.

limit-wait = ⏳ That was too fast for me: I did not read this message. Wait { $seconds ->
    [one] 1 second
   *[other] { $seconds } seconds
} and send it again; what comes sooner I do not read either.
