#include "io/runtime/tls.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <openssl/x509v3.h>

namespace surged::io {

namespace net = boost::asio;

Result<net::ssl::context> client_tls(const std::string& ca_file) {
    net::ssl::context made{net::ssl::context::tls_client};
    boost::system::error_code ec;
    made.set_default_verify_paths(ec);
    if (!ec && !ca_file.empty()) made.load_verify_file(ca_file, ec);
    if (ec) return fail("certificates to trust: " + ec.message());
    SSL_CTX_set_min_proto_version(made.native_handle(), TLS1_2_VERSION);
    made.set_verify_mode(net::ssl::verify_peer);
    return made;
}

void expect_server(SSL* session, const std::string& host) {
    boost::system::error_code is_name;
    net::ip::make_address(host, is_name);
    X509_VERIFY_PARAM* param = SSL_get0_param(session);
    if (is_name) {
        std::string name = host;  // what SSL_set_tlsext_host_name does, without its C cast
        SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
        X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size());
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str());
    }
}

std::string handshake_words(SSL* session, const boost::system::error_code& ec) {
    const long verdict = SSL_get_verify_result(session);
    if (verdict == X509_V_OK) return ec.message();
    return fmt::format("certificate refused: {}", X509_verify_cert_error_string(verdict));
}

}  // namespace surged::io
