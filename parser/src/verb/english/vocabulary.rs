//! The English verbs that ask for work, by the kind of item that they make and by how often
//! the same word is a noun.

use crate::{Kind, verb::Noun};

/// Verbs, the kind of item that they make, and how often each word is a noun.
pub(super) const VERBS: &[(&str, Kind, Noun)] = &[
    (
        "fix repair mend correct debug hotfix bugfix rectify",
        Kind::Bug,
        Noun::Never,
    ),
    (
        "add implement create build develop",
        Kind::Feature,
        Noun::Never,
    ),
    ("launch release", Kind::Milestone, Noun::Also),
    (
        "accept acquire activate adapt adjust administer admit advertise advise aerate align \
         allocate amend amortize analyse analyze animate annotate announce appeal append \
         apply appoint appraise approve arbitrate arrange assemble assess assign attach \
         attend autoclave automate babysit backfill calibrate recharge recalibrate bandage \
         bartend bathe begin bleach \
         bolster borrow brighten bring broaden browse buy calculate cancel capture carry \
         catalogue categorise categorize cater caulk centralize certify chaperone childproof \
         chlorinate choose circulate clarify classify clean clear close codify collect \
         combine compare compensate compile complete compose compute conduct configure \
         confirm connect consolidate consult contribute convene convert coordinate \
         countersign crowdsource cultivate curate customise customize deactivate deauthorize \
         debrief decide decline declutter decommission decompress decorate deduct dedupe \
         deduplicate defer define deflate defrost degrease delegate delete deliver demolish \
         demonstrate deodorize deploy depose depreciate descale describe detach detect \
         determine deworm diagnose differentiate dig digitize disable disassemble disconnect \
         discuss disinfect dismantle dispense dispose distribute divide dockerize downgrade \
         dredge drywall dub edit educate elaborate eliminate embed embroider employ enable \
         encrypt enforce engage engrave enhance enlarge enlist enrich enroll ensure enter \
         equip erase erect escalate escort establish evaluate examine excavate execute expand \
         explain explore extend exterminate extract fabricate facilitate familiarize fasten \
         fertilize fetch finalise finalize find finish fireproof flatten follow foreclose \
         formalize formulate forward fumigate furnish galvanize gather generate get give grab \
         groom grout guarantee handle handwash handwrite hang harden harmonize hash hide \
         hydrate identify illustrate immunize improve include incorporate inflate inform \
         initialise initialize initiate inject inscribe insert insource inspect install \
         instruct insulate insure integrate interview introduce investigate invite irrigate \
         isolate itemize join jumpstart justify keep knock laminate launder lay legalize lend \
         let liaise lift liquidate localize locate lodge loosen lower lubricate maintain make \
         manage marinate maximise maximize measure merge migrate minimise minimize mitigate \
         moderate modernize modify mop mow multiply narrate negotiate neuter nominate \
         normalize notarise notarize notify obfuscate observe obtain offboard offload onboard \
         open operate optimise optimize order organise organize orient outsource oversee \
         paginate palletize parse participate pave perform petition pick plumb polish \
         postpone powerwash preheat preorder prepare prepay prescribe preserve prevent \
         prewire prioritise prioritize privatize proctor procure produce promote proofread \
         prorate protect provide provision prune publish pull purify put qualify quantify \
         reach reactivate readjust realign reallocate reapply rearrange reassemble reassess \
         reassign reattach rebalance rebase rebid rebook rebrand rebuild recalculate \
         recalibrate recategorize recaulk receive recheck reclaim reclassify recolor \
         recommend recompute reconcile reconfigure reconfirm reconnect reconsider reconstruct \
         recover recreate recrop recruit recycle redecorate redeem redeploy redesign redirect \
         redistribute redline redo redraft redraw reduce reevaluate refactor refer refill \
         refinance refine refinish refit reformat refuel refurbish regenerate reglue regrade \
         regrout regulate rehang rehearse rehire reimburse reinforce reinspect reinstall \
         reinstate reissue reject rekey relabel relaunch relay relieve relight reload \
         relocate remap remaster remeasure remediate remind remit remodel remount remove \
         rename render renegotiate renew renovate reopen reorder reorganize repack repackage \
         repaint repave repeat rephotograph replace replan replant replaster replenish \
         replicate repoint repopulate reposition repost reprice reprint reprocess republish \
         requalify reroof rerun rescale reseal reseed resell resend reshelve reshoot resize \
         resolve respond respray restaff restitch restock restore restring restructure \
         restyle resubmit resubscribe resurface retake retarget retest rethink retile retitle \
         retool retouch retrain retrieve retrofit retry reupholster reupload reuse revamp \
         reverify revert revise revisit revive revoice revoke rewash rewire reword rewrite \
         rezone rinse roast rollback rotate sand sandblast sanitise sanitize saute scan scour \
         scrape screw scrub secure segregate select sell send serve set settle sew shampoo \
         sharpen shelve shoot shorten shrinkwrap shut simplify simulate soak solder solve \
         sort soundproof spay speak spray sprinkle stabilize standardize sterilise sterilize \
         straighten streamline strengthen stretch strip subcontract subdivide sublet submit \
         subpoena subscribe subtract summarise summarize supervise suspend sustain swap sweep \
         synchronize syndicate tabulate tackle take teach tell terminate thaw throw tidy \
         tighten toss tow trademark transcode transcribe transform transition translate \
         transplant treat trim troubleshoot truncate tune turn tweak unblock unbox unclog \
         uncover undo unfreeze unhide unify uninstall unite unlink unload unlock unmount \
         unpack unplug unpublish unscrew unsubscribe untangle unwrap upcycle update upgrade \
         upload uproot upsell utilize vacate vaccinate vaccuum validate vectorize vend verify \
         visualize waive warn waterproof weatherproof weigh weld whitewash widen winterize \
         wipe withdraw withhold wrap write yank zip",
        Kind::Task,
        Noun::Never,
    ),
    (
        "answer archive ask assist audit back bake bid bill block book budget call change \
         charge check chop code contact contract cook copy cost cover cut design document \
         donate download draft drain draw drill drop dry dump email estimate exchange export \
         fax feed file fill film focus fold format frame grade hand help hem highlight hire \
         hold host import increase invest invoice iron issue knit label level light link list \
         load lock log look mail map mark meet mix monitor mount move outline overhaul pack \
         package paint patch pay peel phone photocopy photograph place plan plant post pour \
         practice present price print process program purchase push quote raise reboot record \
         refresh refund register rent reply report request reschedule research reserve reset \
         restart return review rework roll run sample save schedule seal search service share \
         ship shop shred sign sketch slice source split spread stack start stick stock stop \
         store study suggest supply survey switch sync tag talk test text tile trace track \
         train transfer transport try use vacuum varnish view visit walk wash water wax wire \
         work",
        Kind::Task,
        Noun::Also,
    ),
    (
        "address advance aid alert anchor auction award bag balance barcode batch benchmark \
         bind bleed blend blog bolt bookmark boost boot bottle bounce box brace bracket brand \
         brew brief broadcast brush buff bump bundle burn bypass cache caption carpet chart \
         chase chat clamp clip clock clone coach coat coil color comment commission commit \
         compost condition control count courier crate credit crop cross debit demo deposit \
         dice direct discharge discount dispatch display ditch do double drape dress dust \
         empty escrow expense face fence filter finance fit flag flash flip float floor flush \
         forecast forge fork fry fuel fund garnish gauge glue grant grease grill ground group \
         guard guide gut hammer harvest haul heat hoist hook hose index initial inventory \
         landscape lease license limit line market mask master match mentor merchandise \
         microchip mirror mock model mulch nail name note notice offer oil overlay park pass \
         paste pause pin ping pipe pitch plaster plate play plot plow plug point poll port \
         position power prep press prime probe profile project proof prototype pump purge \
         quiz rake rank rate read recall recap recount resume retire reward ring rivet round \
         route rule salt scaffold scale score scrap screen screenshot seat seed segment \
         separate shape shift shore show size skim smooth sound spackle speed spell sponsor \
         spot stage stain stake stamp staple stash steam steer stencil stitch storyboard stow \
         strap stream string stub style subtitle summon supplement support tally tape target \
         taste tear ticket tie tip title toast toggle top touch tour trade trench triage \
         tutor tweet type value vet voice watch weed whitelist wireframe witness xray",
        Kind::Task,
        Noun::Mostly,
    ),
];
