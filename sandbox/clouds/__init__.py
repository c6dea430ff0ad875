"""What the stand-ins of speech services share: what was said, what audio is, faults, control words, bodies checked."""
