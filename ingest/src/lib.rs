//! The HTTP side: Twilio's webhook, the linking API, health
