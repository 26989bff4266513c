// A self-signed certificate for a server of a test, and its key, as files.
#pragma once

#include <filesystem>
#include <string>

namespace surged::test {

struct TlsIdentity {
    /// Made out to the DNS name `host`; valid from a minute ago for an hour.
    TlsIdentity(const std::filesystem::path& folder, const char* host);
    std::string certificate, key;  // paths, PEM
};

}  // namespace surged::test
