//! The operators' command
