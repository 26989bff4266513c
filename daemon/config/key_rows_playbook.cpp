// The keys of a plan: what is done, by whom, and what must be ready.
#include "config/key_rows.hpp"

namespace surged::config {
namespace {

using enum Type;

// clang-format off
constexpr Key playbook_rows[] = {
    {File::plan, "kinds", table, "", "", "Kinds of incident that it knows, by a name for reports"},
    {File::plan, "kinds.*.title", bilingual, "", "required", "What people call it"},
    {File::plan, "kinds.*.level", choice, "IV | III | II | I", "",
     "At which a report of it starts; none: the trigger's"},
    {File::plan, "activation", section, "", "",
     "What a level does; one left out does what the next milder one does"},
    {File::plan, "activation.*.mode", choice, "warn | automatic | ask | start-then-confirm",
     "required",
     "Tell only; start by itself; ask first; start, and let a no take it back"},
    {File::plan, "activation.*.by", name, "", "", "ask, start-then-confirm: role or team"},
    {File::plan, "activation.*.within", duration, "10s..24h", "5m",
     "How long there is for an answer"},
    {File::plan, "activation.*.then", choice, "activate | decline", "activate",
     "ask: what happens without an answer"},
    {File::plan, "steps", list, "", "", "What is to be done"},
    {File::plan, "steps[].id", name, "", "required", "Name of the step, once in the plan"},
    {File::plan, "steps[].phase", choice,
     "report | confirm | activate | inform | respond | recover | end | review", "required",
     "report and confirm open with the incident; activate, inform and respond once its level is "
     "activated; recover and end while it recovers; review is not run yet"},
    {File::plan, "steps[].team", name, "", "required", "Role or team that does it"},
    {File::plan, "steps[].from_level", choice, "IV | III | II | I", "IV", "From this level on"},
    {File::plan, "steps[].kinds", names, "", "", "Only for incidents of these kinds; none: all"},
    {File::plan, "steps[].within", duration, "0s..30d", "0s",
     "Time for it, then its owner is paged and 5m later the lead; 0s: none set"},
    {File::plan, "steps[].before", duration, "0s..90d", "",
     "Opens so long before the date of a plan that a calendar starts"},
    {File::plan, "steps[].every", duration, "0s..30d", "0s",
     "Opens again so long after it was done; 0s: once"},
    {File::plan, "steps[].required", boolean, "", "false",
     "The incident cannot end while it is open"},
    {File::plan, "steps[].do", bilingual, "", "required", "What to do"},
    {File::plan, "steps[].action", section, "", "",
     "What a machine does; checked, not run yet"},
    {File::plan, "steps[].action.webhook", text, "", "", "The target's name"},
    {File::plan, "steps[].action.command", text, "", "", "The target's name"},
    {File::plan, "steps[].action.approval", name, "", "", "Role or team that must allow it"},
    {File::plan, "steps[].action.undo", text, "", "", "The target that puts it back"},
    {File::plan, "steps[].action.timeout", duration, "1s..10m", "30s", "Longest time for it"},
    {File::plan, "duties", table, "", "", "What a role of this plan answers for"},
    {File::plan, "duties.*", bilingual, "", "", "In words"},
    {File::plan, "notices", list, "", "",
     "What customers and others are told; checked, not sent yet"},
    {File::plan, "notices[].to", choice,
     "customers | agents | departments | superiors | authorities | partners | public | press | "
     "families",
     "required", "The audience"},
    {File::plan, "notices[].via", names, "", "required", "ivr, site, sms, internal …"},
    {File::plan, "notices[].template", name, "", "required", "A text of notices.yaml"},
    {File::plan, "notices[].from_level", choice, "IV | III | II | I", "IV", "From this level on"},
    {File::plan, "notices[].within", duration, "0s..30d", "0s", "The first one"},
    {File::plan, "notices[].every", duration, "0s..30d", "0s", "Told again; 0s: once"},
    {File::plan, "notices[].approval", name, "", "", "Role or team that must allow it"},
    {File::plan, "review", section, "", "", "What is looked at afterwards; checked, not run yet"},
    {File::plan, "review.within", duration, "1h..90d", "3d", "After the end"},
    {File::plan, "review.owner", name, "", "required", "Role or team"},
    {File::plan, "review.questions", list, "", "", "Texts in zh-CN and en"},
    {File::plan, "drill", section, "", "", "How it is practised; checked, not run yet"},
    {File::plan, "drill.every", duration, "1d..1100d", "365d", "At least so often"},
    {File::plan, "drill.owner", name, "", "", "Role or team"},
    {File::plan, "drill.kinds", names, "", "", "Kinds of incident to practise"},
    {File::plan, "drill.scenario", bilingual, "", "", "What happens"},
    {File::plan, "drill.scores", list, "", "", "What is judged: texts in zh-CN and en"},
    {File::plan, "readiness", list, "", "",
     "What must be true before the day; checked, not reminded of yet"},
    {File::plan, "readiness[].id", name, "", "required", "Its name, once in the plan"},
    {File::plan, "readiness[].kind", choice,
     "supplies | training | maintenance | risk | budget | revision | contacts | drill", "required",
     "What it is about"},
    {File::plan, "readiness[].owner", name, "", "required", "Role or team"},
    {File::plan, "readiness[].every", duration, "1d..1100d", "365d", "Looked at so often"},
    {File::plan, "readiness[].do", bilingual, "", "required", "What to look at"},
    {File::plan, "cards", list, "", "", "One page for one post and kind"},
    {File::plan, "cards[].kind", name, "", "required", "A kind of this plan"},
    {File::plan, "cards[].title", bilingual, "", "required", "Its title"},
    {File::plan, "cards[].call", list, "", "", "Whom to call: texts in zh-CN and en"},
    {File::plan, "cards[].do", list, "", "", "What to do first"},
    {File::plan, "cards[].record", list, "", "", "What to write down or photograph"},
    {File::plan, "cards[].never", list, "", "", "What never to say or do"},
    {File::plan, "risks", list, "", "", "The risk register"},
    {File::plan, "risks[].risk", bilingual, "", "required", "What may happen"},
    {File::plan, "risks[].prevention", bilingual, "", "required", "What keeps it from happening"},
    {File::plan, "risks[].rating", choice, "low | medium | high", "medium", "How bad"},
    {File::plan, "risks[].owner", name, "", "", "Role or team"},
};
// clang-format on

}  // namespace

std::span<const Key> playbook_keys() { return playbook_rows; }

}  // namespace surged::config
