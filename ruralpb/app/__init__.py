"""The use cases, one module each, as short lists of stage calls. The only layer that opens store, archive and journal.

project   folder, definitions, store, lock (`opening`)    define    lint, test, list, explain the definitions
ingest    files → archive → journal → store               rebuild   archive and journal → the store again
validate  checks → findings                               status    who has returned what
figures   indicators → values (`computing`)               trace     a figure → its cells
report    values, findings → documents                    export    tidy tables; `sql` a person's own query
sealing   a quarter closed and opened again               verify    a sealed briefing, years later
diff      why figures moved, down to cells                manifest  what went into a seal and what came out
run       what cron calls                                 start     `init` and `demo`
frames    the exports as pandas frames (`ruralpb.open`)
"""
