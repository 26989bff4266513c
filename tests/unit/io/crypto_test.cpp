#include "io/crypto.hpp"

#include <doctest/doctest.h>

using namespace surged::io;

TEST_CASE("crypto: digests agree with published vectors") {
    CHECK(
        crypto::sha256_hex("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    CHECK(crypto::md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
    // RFC 4231, test case 2
    CHECK(
        crypto::to_hex(crypto::hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

TEST_CASE("crypto: Asterisk's challenge and key of a recorded login") {
    CHECK(crypto::md5_hex("171926527s3cr3t-amI").size() == 32);
    CHECK(crypto::md5_hex("759108375s3cr3t-amI") == "7077787c41dca7426e4292c0adf3a8cc");
}

TEST_CASE("crypto: base64 both ways, and only its canonical form") {
    struct Row {
        const char* plain;
        const char* coded;
    };
    const Row rows[] = {
        {"",      ""        },
        {"f",     "Zg=="    },
        {"fo",    "Zm8="    },
        {"foo",   "Zm9v"    },
        {"fooba", "Zm9vYmE="}
    };
    for (const Row& row : rows) {
        CAPTURE(row.coded);
        CHECK(crypto::to_base64(row.plain) == row.coded);
        CHECK(crypto::from_base64(row.coded) == row.plain);
    }
    for (const char* wrong :
         {"Zg=", "Zg", "Zh==", "Zm9v ", " Zm9v===", "Z*==", "====", "Zm9vZg=a"}) {
        CAPTURE(wrong);
        CHECK_FALSE(crypto::from_base64(wrong).has_value());
    }
}

TEST_CASE("crypto: comparison and pseudonyms") {
    CHECK(crypto::equal_in_constant_time("same", "same"));
    CHECK_FALSE(crypto::equal_in_constant_time("same", "sama"));
    CHECK_FALSE(crypto::equal_in_constant_time("same", "sam"));
    CHECK(crypto::equal_in_constant_time("", ""));
    CHECK(crypto::caller_pseudonym("key", "13800138000").size() == 32);
    CHECK(
        crypto::caller_pseudonym("key", "13800138000") ==
        crypto::caller_pseudonym("key", "13800138000")
    );
    CHECK(
        crypto::caller_pseudonym("key", "13800138000") !=
        crypto::caller_pseudonym("yek", "13800138000")
    );
    CHECK(crypto::caller_pseudonym("key", "").empty());
    CHECK(crypto::random_bytes(16) != crypto::random_bytes(16));
}
