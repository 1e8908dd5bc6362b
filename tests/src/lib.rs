//! The stories that users and operators are promised, on real servers
