//! The queue side: routing, understanding, sending, settling
