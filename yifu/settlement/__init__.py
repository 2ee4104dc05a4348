"""The main job: settle, reverse, refund, recover.

`services.settle` reads from top to bottom like the sentence that describes it: claim the charges,
let the insurer settle its part, fund the patient's part, answer. `recovery.recover` finishes or
undoes whatever stopped in between.
"""
