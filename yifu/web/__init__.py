"""Pages by who looks: patient, doctor, finance. Thin: they read, and call services for the rest."""
