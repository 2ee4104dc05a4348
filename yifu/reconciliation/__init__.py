"""Daily matching with the insurer and the channels: what they say, what we say, where we differ.

Set-based: the other side's statement is loaded into a table and joined. Main function:
`services.match_day`.
"""
