"""Policy packs: the practice of an agency as data; every figure has a source."""
