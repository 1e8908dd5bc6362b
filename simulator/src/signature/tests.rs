//! Requests signed by Twilio's own Python SDK (`RequestValidator.compute_signature`, 9.x).

use super::sign;

const TOKEN: &str = "0f7b3c9d1e5a48627b90cd34ef12ab56";

struct Vector {
    what: &'static str,
    url: &'static str,
    params: &'static [(&'static str, &'static str)],
    signature: &'static str,
}

const VECTORS: &[Vector] = &[
    Vector {
        what: "WhatsApp inbound text",
        url: "https://foco.example/api/integrations/whatsapp/webhook",
        params: &[
            ("ProfileName", "María"),
            ("WaId", "5215555550100"),
            ("Body", "Recuérdame mañana a las 9 pagar la luz"),
            ("To", "whatsapp:+14155550100"),
            ("MessageSid", "SMaa90de82d31b11786a76e170840a7c86"),
            (
                "ChannelMetadata",
                "{\"type\":\"whatsapp\",\"data\":{\"context\":{\"ProfileName\":\"María\",\"WaId\":\"5215555550100\"}}}",
            ),
            ("From", "whatsapp:+5215555550100"),
        ],
        signature: "BqJcTrAufM58r4Yw4CNUWLGf/iU=",
    },
    Vector {
        what: "WhatsApp inbound text",
        url: "https://foco.example/api/integrations/whatsapp/webhook",
        params: &[
            ("ProfileName", "Iñaki"),
            ("WaId", "5215555550103"),
            ("Body", "100% seguro + IVA & propina = 2+2"),
            ("To", "whatsapp:+14155550100"),
            ("MessageSid", "SM32e85606feb22b4e99fa7cbe1d39fd63"),
            (
                "ChannelMetadata",
                "{\"type\":\"whatsapp\",\"data\":{\"context\":{\"ProfileName\":\"Iñaki\",\"WaId\":\"5215555550103\"}}}",
            ),
            ("From", "whatsapp:+5215555550103"),
        ],
        signature: "0gS4VLnzhK1faoowQFz65GygBDc=",
    },
    Vector {
        what: "WhatsApp inbound text",
        url: "https://foco.example/api/integrations/whatsapp/webhook",
        params: &[
            ("ProfileName", "Lucía"),
            ("WaId", "5215555550102"),
            (
                "Body",
                "👨\u{200d}👩\u{200d}👧\u{200d}👦 familia a las 7️⃣🇲🇽",
            ),
            ("To", "whatsapp:+14155550100"),
            ("MessageSid", "SM61b5fa0d8f4112745e94d41a5cfa64a7"),
            (
                "ChannelMetadata",
                "{\"type\":\"whatsapp\",\"data\":{\"context\":{\"ProfileName\":\"Lucía\",\"WaId\":\"5215555550102\"}}}",
            ),
            ("From", "whatsapp:+5215555550102"),
        ],
        signature: "xPV/gvZzoij0hH/v3fJxAxgkO+4=",
    },
    Vector {
        what: "keys with dots/brackets and prefix of each other",
        url: "https://foco.example/api/integrations/whatsapp/webhook",
        params: &[
            ("ProfileName", "Lucía"),
            ("WaId", "5215555550102"),
            ("Body", "orden"),
            ("To", "whatsapp:+14155550100"),
            ("MessageSid", "SM8cf0ae07b57490c62b6e3f114543722f"),
            (
                "ChannelMetadata",
                "{\"type\":\"whatsapp\",\"data\":{\"context\":{\"ProfileName\":\"Lucía\",\"WaId\":\"5215555550102\"}}}",
            ),
            ("From", "whatsapp:+5215555550102"),
            ("MediaUrl10", "https://a/10"),
            ("MediaUrl2", "https://a/2"),
            ("MediaUrl", "https://a/"),
            ("Media.Url", "p"),
            ("Media[0]", "q"),
            ("Media-0", "r"),
            ("MediaURL", "s"),
        ],
        signature: "CY5FlavV31L0rvYnxEvvZjdUH+o=",
    },
    Vector {
        what: "repeated key: empty value and non empty",
        url: "https://foco.example/api/integrations/whatsapp/webhook",
        params: &[
            ("ProfileName", "João Açaí"),
            ("WaId", "5215555550101"),
            ("Body", "rep"),
            ("To", "whatsapp:+14155550100"),
            ("MessageSid", "SM50d39ceef318b0307cc0c57ead5bccc8"),
            (
                "ChannelMetadata",
                "{\"type\":\"whatsapp\",\"data\":{\"context\":{\"ProfileName\":\"João Açaí\",\"WaId\":\"5215555550101\"}}}",
            ),
            ("From", "whatsapp:+5215555550101"),
            ("Tag", ""),
            ("Tag", "1"),
        ],
        signature: "w5Iuq9il5Btspn+TmFpF4ft1W9g=",
    },
    Vector {
        what: "several empty parameters",
        url: "https://foco.example/api/integrations/whatsapp/webhook",
        params: &[
            ("ProfileName", ""),
            ("WaId", "5215555550100"),
            ("Body", "vacíos"),
            ("To", "whatsapp:+14155550100"),
            ("MessageSid", "SMc8390fd9bf93ef28e9715dbd5ee5f9cb"),
            (
                "ChannelMetadata",
                "{\"type\":\"whatsapp\",\"data\":{\"context\":{\"ProfileName\":\"María\",\"WaId\":\"5215555550100\"}}}",
            ),
            ("From", "whatsapp:+5215555550100"),
            ("ButtonText", ""),
            ("Label", ""),
        ],
        signature: "3vCAEkKpr8WoR1sMjS4m3ysrnFQ=",
    },
    Vector {
        what: "status read",
        url: "https://foco.example/api/integrations/whatsapp/webhook",
        params: &[
            ("MessageStatus", "read"),
            ("To", "whatsapp:+5215555550100"),
            ("From", "whatsapp:+14155550100"),
            ("MessageSid", "SM7b510e98336519456b54eaaa1ea4a68e"),
            ("ChannelToAddress", "+5215555550100"),
            ("StructuredMessage", "false"),
            ("EventType", "READ"),
        ],
        signature: "l1zshZHa85fiyG4I8vTTxVFj+/4=",
    },
    Vector {
        what: "query with percent-encoding kept as is",
        url: "https://foco.example/api/integrations/whatsapp/webhook?t=a%20b%2Bc%26d&n=%C3%B1",
        params: &[
            ("ProfileName", "María"),
            ("WaId", "5215555550100"),
            ("Body", "q"),
            ("To", "whatsapp:+14155550100"),
            ("MessageSid", "SM16b4cf208fd650e794cafb627f9fea28"),
            (
                "ChannelMetadata",
                "{\"type\":\"whatsapp\",\"data\":{\"context\":{\"ProfileName\":\"María\",\"WaId\":\"5215555550100\"}}}",
            ),
            ("From", "whatsapp:+5215555550100"),
        ],
        signature: "rrBJPLVqYu4ZRHUs/G3/pAG5ZP4=",
    },
];

#[test]
fn signatures_are_those_that_twilios_sdk_computes() {
    for vector in VECTORS {
        let params: Vec<(String, String)> = vector
            .params
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        assert_eq!(
            sign(TOKEN, vector.url, &params),
            vector.signature,
            "{}",
            vector.what
        );
    }
}

#[test]
fn the_order_of_parameters_does_not_matter_but_a_changed_value_does() {
    let a = [
        ("A".to_owned(), "1".to_owned()),
        ("B".to_owned(), "2".to_owned()),
    ];
    let b = [
        ("B".to_owned(), "2".to_owned()),
        ("A".to_owned(), "1".to_owned()),
    ];
    let c = [
        ("A".to_owned(), "1".to_owned()),
        ("B".to_owned(), "3".to_owned()),
    ];
    assert_eq!(
        sign(TOKEN, "https://foco.example/", &a),
        sign(TOKEN, "https://foco.example/", &b)
    );
    assert_ne!(
        sign(TOKEN, "https://foco.example/", &a),
        sign(TOKEN, "https://foco.example/", &c)
    );
}

#[test]
fn a_token_is_what_pythons_hmac_makes_of_it() {
    let claims = serde_json::json!({"aud": "authenticated", "exp": 1_800_000_000});
    let token = super::token(b"a secret of thirty-two bytes long", &claims);
    let expected = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJhdXRoZW50aWNhdGVkIiwiZXhwIjoxODAwMDAwMDAwfQ.JehMzDwrlaIl-fImY4YXmAkouplOhYoZsQr1JTnVRSU";
    assert_eq!(token, expected);
}
