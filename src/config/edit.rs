//! Writes into a settings file and keeps the rest of it as it stands: comments, order, spaces.
