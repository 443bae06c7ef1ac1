//! Writes the first settings file of a folder.
