"""yifu (医付): a hospital asks once; afterwards every fen is somewhere, exactly once."""
