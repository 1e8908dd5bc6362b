//! From a message's text to tasks, hours, dates and priorities, without a network
