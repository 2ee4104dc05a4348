"""Visits and their charges, as the hospital's system reports them.

Natural keys make a repeated report harmless: `visit_no` within an institution, `line_no` within a
visit. Main functions: `services.open_visit`, `services.add_charges`, `services.end_visit`.
"""
