#include "support/memory_files.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace surged::test {

using namespace io::queue_log;

namespace {

class MemoryFile : public OpenFile {
public:
    MemoryFile(std::shared_ptr<MemoryFiles::Node> node, std::shared_ptr<bool> broken)
        : node_{std::move(node)}, broken_{std::move(broken)} {}

    Looked<Seen> seen() override { return Seen{node_->inode, node_->bytes.size()}; }
    Looked<std::size_t> read(std::uint64_t offset, std::span<char> into) override {
        if (*broken_) return tl::make_unexpected(Trouble{false, "Input/output error"});
        if (offset >= node_->bytes.size()) return std::size_t{0};
        const auto left = std::string_view{node_->bytes}.substr(static_cast<std::size_t>(offset));
        const auto size = std::min(left.size(), into.size());
        std::copy_n(left.begin(), size, into.begin());
        return size;
    }

private:
    std::shared_ptr<MemoryFiles::Node> node_;
    std::shared_ptr<bool> broken_;
};

const Trouble missing{true, "No such file or directory"};

}  // namespace

void MemoryFiles::write(const std::string& path, std::string_view text) {
    auto& node = nodes_[path];
    if (!node) node = std::make_shared<Node>(Node{next_inode_++, {}});
    node->bytes += text;
}

void MemoryFiles::rename(const std::string& from, const std::string& to) {
    nodes_[to] = nodes_.at(from);
    nodes_.erase(from);
}

void MemoryFiles::copy(const std::string& from, const std::string& to) {
    nodes_[to] = std::make_shared<Node>(Node{next_inode_++, nodes_.at(from)->bytes});
}

void MemoryFiles::truncate(const std::string& path) { nodes_.at(path)->bytes.clear(); }

std::uint64_t MemoryFiles::inode(const std::string& path) const { return nodes_.at(path)->inode; }

Looked<Seen> MemoryFiles::look(const std::string& path) {
    const auto at = nodes_.find(path);
    if (at == nodes_.end()) return tl::make_unexpected(missing);
    return Seen{at->second->inode, at->second->bytes.size()};
}

Looked<std::unique_ptr<OpenFile>> MemoryFiles::open(const std::string& path) {
    const auto at = nodes_.find(path);
    if (at == nodes_.end()) return tl::make_unexpected(missing);
    if (denied_.contains(path)) return tl::make_unexpected(Trouble{false, "Permission denied"});
    return std::make_unique<MemoryFile>(at->second, broken_);
}

std::vector<std::string> MemoryFiles::beside(const std::string& path) {
    std::vector<std::string> out;
    for (const auto& [name, node] : nodes_)
        if (name != path && name.starts_with(path)) out.push_back(name);
    return out;
}

}  // namespace surged::test
