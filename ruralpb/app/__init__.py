"""The use cases, one module each, as short lists of stage calls. The only room that opens store, archive and journal.

project   folder, definitions, store, lock (`opening`)    define     lint, test, list, explain the definitions
init      a new project folder                            demo       the sample project through its quarters
ingest    files → archive → journal → store               rebuild    archive and journal → the store again
validate  checks → findings                               status     who has returned what
blanks    empty returns for the next period               feedback   what goes back to a reporter for correction
answers   explanations in a list that came back           decisions  explain, amend, withdraw
figures   indicators → values (`computing`)               trace      a figure → its cells
registers watches, scores, lists                          history    the versions of a return
report    values, findings → documents                    ledger     a village's book of facts and findings
templates which there are, their faults, copies           export     tidy tables; `sql` a person's own query
sealing   a quarter closed and opened again               verify     a sealed briefing, years later
diff      why figures moved, down to cells                manifest   what went into a seal and what came out
run       what cron calls (`schedule`)                    reminders  to reporters whose returns are missing
frames    the exports as pandas frames (`ruralpb.open`)
"""
