#include "support/tls_identity.hpp"

#include <cstdio>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace surged::test {

TlsIdentity::TlsIdentity(const std::filesystem::path& folder, const char* host) {
    certificate = (folder / "cert.pem").string();
    key = (folder / "key.pem").string();
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pkey{
        EVP_EC_gen("P-256"), EVP_PKEY_free
    };
    const std::unique_ptr<X509, decltype(&X509_free)> x509{X509_new(), X509_free};
    X509_set_version(x509.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509.get()), 3600);
    X509_set_pubkey(x509.get(), pkey.get());
    X509_NAME* name = X509_get_subject_name(x509.get());
    X509_NAME_add_entry_by_txt(
        name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(host), -1, -1, 0
    );
    X509_set_issuer_name(x509.get(), name);
    const std::string alternative = std::string{"DNS:"} + host;
    X509_EXTENSION* san =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative.c_str());
    X509_add_ext(x509.get(), san, -1);
    X509_EXTENSION_free(san);
    X509_sign(x509.get(), pkey.get(), EVP_sha256());
    std::FILE* file = std::fopen(certificate.c_str(), "w");
    PEM_write_X509(file, x509.get());
    std::fclose(file);
    file = std::fopen(key.c_str(), "w");
    PEM_write_PrivateKey(file, pkey.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
}

}  // namespace surged::test
