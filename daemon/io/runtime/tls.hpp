// Whom we trust when we call others over TLS: the system's certificates and one file more.
#pragma once

#include "base/error.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <string>

namespace surged::io {

/// A client's context, TLS 1.2 or newer. Reading the system's certificates takes milliseconds: make
/// one and keep it.
/// @param ca_file  PEM; trusted beside the system's; empty: none
[[nodiscard]] Result<boost::asio::ssl::context> client_tls(const std::string& ca_file);

/// Names `host` to the server and wants a certificate that is trusted and made out to it. Before
/// the handshake. Server names are names (RFC 6066): an address is checked but not sent.
void expect_server(SSL* session, const std::string& host);

/// Why a handshake failed, with OpenSSL's reason where it is about the certificate: "certificate
/// verify failed: self-signed certificate", "…: hostname mismatch".
[[nodiscard]] std::string handshake_words(SSL* session, const boost::system::error_code& ec);

}  // namespace surged::io
