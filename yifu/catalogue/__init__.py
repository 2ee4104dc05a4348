"""What may be charged: items with national and local codes and prices, diagnoses, charge rules.

Pure checks are in `rules.py`; `services.import_seed` loads the shipped catalogue.
"""
