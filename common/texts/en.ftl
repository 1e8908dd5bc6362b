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
proposal-project-only = 📁 It is your only project, so I used it.
proposal-timezone = 🕒 I counted the days by the time in { $city ->
    [Mexico_City] Mexico City
    [Sao_Paulo] São Paulo
    [Buenos_Aires] Buenos Aires
    [Bogota] Bogotá
   *[other] { $city }
}; set your time zone in Foco if that is wrong.
proposal-item-hours = { $hours } h
proposal-more-items = … and { $count } more
date = { $weekday ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
} { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $day }
priority-low = low priority
priority-high = high priority
priority-urgent = urgent

no-work = 👋 I turn requests into proposals. Tell me what you need, for example: “Add a login page by Friday, 8 hours”. /help shows more.

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
    VERIFY 123456 – link this phone
unknown-command = I don't know { $command }. Send /help to see what I can do.
unknown-command-meant = I don't know { $command }. Did you mean { $meant }? /help shows all I can do.
list-usage = Send /list projects or /list tasks.

not-linked =
    This phone is not linked to a Foco account yet.
    Link it at { $link } and send me the code: VERIFY 123456
verify-usage = Send VERIFY and the code that Foco shows you, for example: VERIFY 123456
verify-wrong = That code is not right or has expired. Check it, or make a new one at { $link }
verify-too-many = Too many wrong codes. Make a new one at { $link } and send it here.
verify-taken = This phone is linked to another Foco account. Unlink it there first: { $link }

status =
    🏢 *Workspace:* { $workspace }
    📁 *Project:* { $project }
    🗣️ *Language:* English
    This context lasts { $minutes } minutes from your last message.
none-chosen = none chosen yet

project-chosen = 📁 You are now in *{ $project }* ({ $workspace }). Write what you need.
project-chosen-waiting = 📁 You are now in *{ $project }* ({ $workspace }). { $count ->
    [one] I am working on the request that was waiting.
   *[other] I am working on the { $count } requests that were waiting.
}
project-none = You have no projects yet. Make one at { $link }
project-unknown = I find no project called “{ $name }”. Send /project to see yours.
project-choose = Which project? Send its number, or /project and its name:
project-choose-waiting = I keep your request. Which project is it for? Send its number, or /project and its name:
projects = 📁 *Your projects*
list-more = … and { $count } more: /more
more = ➡️ *Here is more*
more-end = That was the whole list.
more-nothing = There is no list to go on with. Send /list projects or /list tasks.
workspace-chosen = 🏢 You are now in *{ $workspace }*. Choose a project with /project.
workspace-unknown = I find no workspace called “{ $name }”. Send /workspace to see yours.
workspace-choose = Which workspace? Send its number, or /workspace and its name:
workspace-none = You belong to no workspace yet. Make one at { $link }
tasks = 📋 *Open tasks of { $project }*
tasks-none = 📋 *{ $project }* has no open tasks.
tasks-no-project = Choose a project first: /project
pick-nothing = I am not waiting for a number. Send /help to see what I can do.
pick-out-of-range = Send a number from 1 to { $count }.
cleared = 🧹 Done: no project is chosen now. { $dropped ->
    [0] Your workspace stays.
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

unsupported-media = I can only read text so far. Write what you need, or add a caption to the picture or file.
unsupported-audio = I cannot listen to voice messages yet. Write what you need, please.

working = ⏳ Working on it…
waiting-model = ⏳ The model that reads requests is not available right now. I keep your request and answer as soon as it is back.
failed-for-now = ⚠️ Something went wrong on our side. Your message is safe: somebody will look at it, and you need not send it again.
failed = ⚠️ I could not carry out your request. Please send it again; if it keeps failing, write to support.
failed-not-linked = This phone was unlinked before I had read your request, so I made no proposal.
failed-no-access = You cannot add work to that project, so I made no proposal. Choose another with /project
failed-project-closed = That project was archived before I had read your request, so I made no proposal. Choose another with /project
failed-empty = I could not make out any task in that. Please say it in other words, one task a line.

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
} and send it again.
