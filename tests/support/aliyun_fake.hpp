// Aliyun's short-message API on loopback: checks the signature by its own reading of the document,
// what a template may hold, and answers with the real codes.
#pragma once

#include "support/vendor_fakes.hpp"

#include <set>
#include <string>

namespace surged::test {

class AliyunFake : public VendorFake {
public:
    struct Rules {
        std::string key_id, secret;
        std::set<std::string> variables;  // that the template has
    };
    explicit AliyunFake(Rules rules);
};

}  // namespace surged::test
