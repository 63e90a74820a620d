"""Reading the directory: everybody signed in sees agencies, offers and pathways; names only colleagues."""
