//! Twilio's and OpenAI's side, for local work and tests
