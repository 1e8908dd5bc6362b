//! A webhook's body: whole, in time and no larger than Twilio's ever are.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use super::answer::Rejection;

/// Twilio's largest is a text of 4096 characters, escaped, with its metadata.
const MOST: usize = 64 * 1024;
/// How much of a body that is too large is read on, so that its sender gets to our answer.
const LINGER: usize = 1024 * 1024;
/// How long a body may take: what is left of a webhook's five seconds is the queue's.
const PATIENCE: Duration = Duration::from_secs(4);

/// Reads the body.
///
/// # Errors
/// When it is too large, too slow or breaks off.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Rejection> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok())
        .unwrap_or_default();
    if announced > LINGER as u64 || announced > MOST as u64 && headers.contains_key(header::EXPECT)
    {
        return Err(Rejection::TooLarge);
    }
    tokio::time::timeout(PATIENCE, collect(body))
        .await
        .unwrap_or(Err(Rejection::TooSlow))
}

async fn collect(body: Body) -> Result<Bytes, Rejection> {
    let mut stream = body.into_data_stream();
    let mut next = async || {
        stream
            .next()
            .await
            .transpose()
            .map_err(|_| Rejection::Incomplete)
    };
    let Some(first) = next().await? else {
        return Ok(Bytes::new());
    };
    let mut received = first.len();
    let mut whole = first;
    while let Some(chunk) = next().await? {
        received += chunk.len();
        if received > LINGER {
            break;
        }
        if received <= MOST {
            // Almost every body comes in one piece, which is taken as it is.
            let mut joined = BytesMut::from(whole);
            joined.extend_from_slice(&chunk);
            whole = joined.freeze();
        }
    }
    if received > MOST {
        Err(Rejection::TooLarge)
    } else {
        Ok(whole)
    }
}

/// Whether it is said to be a form, with whatever parameters.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else {
        return false;
    };
    only.to_str().is_ok_and(|text| {
        let essence = text.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}
