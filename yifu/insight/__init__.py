"""What a change would do: recorded months replayed under another scheme (P8, issue "what-if").

`replay` is the pure engine, `recorded` reads the months, `comparing.compare` puts the scheme that
was in force beside a changed one and tells who would have been better or worse off. It reads what
other contexts have written and writes nothing but its own reports (`models.WhatIf`).
"""
