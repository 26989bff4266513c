// The files themselves: read within bounds, decoded, cross-checked, hashed.
#include "base/codec.hpp"
#include "config/advice.hpp"
#include "config/decode.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <openssl/sha.h>
#include <system_error>
#include <thread>
#include <vector>

namespace surged::config {
namespace {

namespace fs = std::filesystem;

std::string sha256_hex(std::string_view bytes) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
    std::string out;
    for (const unsigned char byte : digest) out += fmt::format("{:02x}", byte);
    return out;
}

std::string folder_of(const std::string& file) {
    std::error_code error;
    const fs::path whole = fs::absolute(file, error);
    return (error ? fs::path{file} : whole).parent_path().string();
}

/// Where systemd has put what `file` names, if it has.
std::optional<std::string> credential_of(const fs::path& file) {
    const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
    if (credentials == nullptr || *credentials == '\0') return std::nullopt;
    const std::string name = file.filename().string();
    // LoadCredential= of a whole folder: systemd names each file FOLDER_FILE.
    const std::string in_folder = file.parent_path().filename().string() + "_" + name;
    for (const std::string& each : {name, in_folder}) {
        const fs::path given = fs::path{credentials} / each;
        std::error_code error;
        if (fs::exists(given, error)) return given.string();
    }
    return std::nullopt;
}

/// Calls `read` with every file, on as many threads as there are processors: a thousand plans are
/// ten megabytes of YAML.
template <class File, class Read>
void each_at_once(std::vector<File>& files, const Read& read) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < files.size(); i = next++) read(files[i]);
    };
    constexpr std::size_t most = 8;
    const std::size_t threads =
        std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most);
    std::vector<std::jthread> others;
    while (others.size() + 1 < std::min(threads, files.size())) {
        try {
            others.emplace_back(work);
        } catch (const std::system_error&) {
            break;  // no more threads are to be had: those that run, and this one, do it
        }
    }
    work();
}

/// A file of plans/ with all that was found in it.
struct PlanFile {
    std::string name, bytes;
    plan::Plan plan;  // without a name: there is none
    Report mistakes, warnings, advice;
};

/// One load of a rules folder.
class RulesLoader {
public:
    RulesLoader(const std::string& folder, const Daemon* daemon)
        : folder_{folder}, daemon_{daemon} {}

    tl::expected<LoadedRules, Diagnostics> run() {
        std::error_code error;
        if (!fs::is_directory(folder_, error)) {
            const bool file = fs::exists(folder_, error);
            report_.add(
                {folder_,
                 0,
                 0,
                 file ? "it is a file" : "there is no such folder",
                 "the rules folder",
                 file ? "surgectl check --config FILE, for the daemon's own" : ""}
            );
            return tl::make_unexpected(report_.sorted());
        }
        plan::RuleSet& rules = out_.rules;
        const auto site = parse("site.yaml");
        const FileReader read = [this](const std::string& path) { return named_file(path); };
        if (site) rules.site = decode_site({*site, File::site, report_}, daemon_, read);
        const auto document = parse("roster.yaml");
        Roster roster;
        if (document) {
            const Cursor top{*document, File::roster, report_};
            roster = decode_roster(
                top, rules.site.language, daemon_, site ? &rules.site.calendars : nullptr, warnings_
            );
        }
        const bool texts_told = notices();
        const PlanContext context{
            document ? &roster : nullptr,
            site ? &rules.site : nullptr,
            daemon_,
            &warnings_,
            texts_told ? &rules.notices : nullptr,
            nullptr
        };
        plans(context);
        if (all_named_) check_yields();
        if (!report_.empty()) return tl::make_unexpected(report_.sorted());
        finish(std::move(roster));
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string path_of(const std::string& name) const {
        return (fs::path{folder_} / name).string();
    }

    std::optional<std::string> read(const std::string& name) {
        const std::string path = path_of(name);
        auto bytes = read_file(path, Bounds::bytes);
        if (!bytes) {
            report_.add({path, 0, 0, bytes.error().what, name, ""});
            return std::nullopt;
        }
        total_ += bytes->size();
        if (total_ > most_bytes) {
            report_.add({path, 0, 0, "the rules are too large", "at most 64 MiB in all", ""});
            return std::nullopt;
        }
        return std::move(*bytes);
    }

    std::optional<Document> parse(const std::string& name) {
        auto bytes = read(name);
        if (!bytes) return std::nullopt;
        Document document = Document::parse(path_of(name), *bytes, report_);
        out_.sources.emplace_back(name, std::move(*bytes));
        if (document.root() == nullptr) return std::nullopt;
        return document;
    }

    /// Files of plans/ in the order of their names.
    std::vector<std::string> plan_files() {
        constexpr std::size_t most = 1000;
        std::vector<std::string> out;
        std::error_code error;
        const fs::path plans = fs::path{folder_} / "plans";
        for (fs::directory_iterator it{plans, error}, end; !error && it != end;
             it.increment(error)) {
            const fs::path& path = it->path();
            if (path.filename().string().starts_with('.')) continue;
            if (path.extension() == ".yaml") {
                out.push_back("plans/" + path.filename().string());
            } else if (path.extension() == ".yml") {
                report_.add(
                    {path.string(),
                     0,
                     0,
                     "only *.yaml is read",
                     "another name",
                     path.stem().string() + ".yaml"}
                );
            }
        }
        std::sort(out.begin(), out.end());
        if (out.empty()) report_.add({plans.string(), 0, 0, "no plan", "at least one *.yaml", ""});
        if (out.size() > most) {
            report_.add(
                {plans.string(), 0, 0, "too many plans", fmt::format("at most {}", most), ""}
            );
            out.resize(most);
        }
        return out;
    }

    void plans(const PlanContext& context) {
        std::vector<PlanFile> files;
        for (const std::string& name : plan_files())
            if (auto bytes = read(name)) files.push_back({name, std::move(*bytes), {}, {}, {}, {}});
        each_at_once(files, [&](PlanFile& file) { decode(file, context); });
        for (PlanFile& file : files) take(std::move(file));
    }

    /// On any thread: touches nothing but `file`.
    void decode(PlanFile& file, PlanContext context) const {
        Document document = Document::parse(path_of(file.name), file.bytes, file.mistakes);
        if (document.root() == nullptr) return;
        context.warnings = &file.warnings;
        const Cursor top{document, File::plan, file.mistakes};
        file.plan = decode_plan(top, context);
        if (!file.plan.name.empty() && file.mistakes.empty())
            advise(top, file.plan, context, file.advice);
    }

    void take(PlanFile file) {
        const std::string name = file.plan.name;
        if (name.empty()) {
            all_named_ = false;
        } else {
            const auto [at, is_new] = plan_file_.emplace(name, file.name);
            if (!is_new) say_twice(file, at->second);
        }
        report_.add(file.mistakes);
        warnings_.add(file.warnings);
        advice_.add(file.advice);
        out_.sources.emplace_back(std::move(file.name), std::move(file.bytes));
        if (!name.empty()) out_.rules.plans.insert_or_assign(name, std::move(file.plan));
    }

    void say_twice(const PlanFile& file, const std::string& first) {
        Document document = Document::parse(path_of(file.name), file.bytes, report_);
        Cursor{document, File::plan, report_}.say_at(
            "plan",
            fmt::format("plan {} is in {} too", shown(file.plan.name), first),
            "another name"
        );
    }

    /// False: which texts there are cannot be told, and why is said.
    bool notices() {
        const fs::path path = fs::path{folder_} / "notices.yaml";
        std::error_code error;
        if (!fs::exists(path, error)) return true;
        const auto document = parse("notices.yaml");
        if (!document) return false;
        const Cursor top{*document, File::notices, report_};
        if (!top.is_map()) return false;
        const auto at = top.get("notices");
        if (!at) return false;
        const std::size_t said = report_.size();
        const auto entries = at->entries();
        const bool told = report_.size() == said;
        for (const auto& [name, each] : entries) out_.rules.notices[name] = each.bilingual();
        return told;
    }

    /// A file below the folder that a rule file names; it is kept with the sources.
    Parsed<std::string> named_file(const std::string& name) {
        const auto bad = [&](std::string what) {
            return tl::make_unexpected(Complaint{shown(name) + ": " + what, "", ""});
        };
        if (name.empty() || name.starts_with('/') || name.find("..") != std::string::npos)
            return bad("it is not below the rules folder");
        auto bytes = read_file((fs::path{folder_} / name).string(), Bounds::bytes);
        if (!bytes) return bad(bytes.error().what);
        if (bytes->size() > Bounds::bytes) return bad("it is too large");
        total_ += bytes->size();
        out_.sources.emplace_back(name, *bytes);
        return std::move(*bytes);
    }

    void check_yields() {
        for (const auto& [name, plan] : out_.rules.plans)
            for (const std::string& leader : plan.yields_to)
                if (!out_.rules.plans.contains(leader))
                    report_.add(
                        {(fs::path{folder_} / plan_file_[name]).string(),
                         0,
                         0,
                         fmt::format("yields_to: no plan {}", shown(leader)),
                         "the name of another plan",
                         ""}
                    );
    }

    void finish(Roster roster) {
        plan::RuleSet& rules = out_.rules;
        rules.people = std::move(roster.people);
        rules.teams = std::move(roster.teams);
        if (daemon_ != nullptr) {
            rules.public_url = daemon_->http.public_url;
            for (const Source& source : daemon_->sources)
                if (!source.companion.empty()) rules.companions[source.name] = source.companion;
        }
        out_.bytes = codec::encode(rules);
        out_.hash = sha256_hex(out_.bytes);
        out_.warnings = warnings_.sorted();
        out_.advice = advice_.sorted();
    }

    static constexpr std::size_t most_bytes = std::size_t{64} << 20;
    const std::string& folder_;
    const Daemon* daemon_;
    std::size_t total_{0};  // bytes read so far
    /// False: a file could not be read as far as its name. Whom others yield to may stand in it.
    bool all_named_{true};
    Report report_;
    Report warnings_;
    Report advice_;
    LoadedRules out_;
    std::map<std::string, std::string> plan_file_;
};

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) return fail("there is no such file");
    if (fs::is_directory(status)) return fail("it is a folder, not a file");
    if (!fs::is_regular_file(status)) return fail("it is not a regular file");
    errno = 0;
    std::ifstream in{path, std::ios::binary};
    if (!in)
        return fail(errno != 0 ? std::generic_category().message(errno) : "it cannot be opened");
    constexpr std::size_t piece = 64UL * 1024;  // most files are one
    std::string bytes;
    for (std::size_t size = 0; in && size <= most;) {
        bytes.resize(std::min(size + piece, most + 1));
        in.read(bytes.data() + size, static_cast<std::streamsize>(bytes.size() - size));
        size += static_cast<std::size_t>(in.gcount());
        bytes.resize(size);
    }
    if (in.bad()) return fail("it cannot be read");
    return bytes;
}

tl::expected<Daemon, Diagnostics> load_daemon(
    const std::string& file, const std::vector<std::pair<std::string, std::string>>& sets
) {
    Report report;
    const auto bytes = read_file(file, Bounds::bytes);
    if (!bytes)
        return tl::make_unexpected(Diagnostics{
            {file, 0, 0, bytes.error().what, "surged.yaml", ""}
        });
    Document document = Document::parse(file, *bytes, report);
    if (document.root() == nullptr) return tl::make_unexpected(report.sorted());
    for (const auto& [path, value] : sets) apply_set(document, path, value, report);
    Daemon daemon = decode_daemon({document, File::surged, report}, folder_of(file));
    if (!report.empty()) return tl::make_unexpected(report.sorted());
    return daemon;
}

tl::expected<LoadedRules, Diagnostics> load_rules(const std::string& folder, const Daemon* daemon) {
    return RulesLoader{folder, daemon}.run();
}

std::string secret_path(const std::string& file) { return credential_of(file).value_or(file); }

Result<std::string> read_secret(const std::string& file) {
    constexpr std::size_t most = std::size_t{64} << 10;
    const std::string path = secret_path(file);
    auto secret = read_file(path, most);
    std::error_code error;
    if (!secret)
        return fail(
            fmt::format("secret file {}: {}", path, secret.error().what),
            fs::exists(path, error) ? "a file that the daemon's user may read, and nobody else"
                                    : "create it, readable by the daemon alone"
        );
    if (secret->size() > most)
        return fail(fmt::format("secret file {} is too large", path), "one line");
    while (secret->ends_with('\n') || secret->ends_with('\r')) secret->pop_back();
    if (secret->empty())
        return fail(fmt::format("secret file {} is empty", path), "put the secret into it");
    return std::move(*secret);
}

}  // namespace surged::config
