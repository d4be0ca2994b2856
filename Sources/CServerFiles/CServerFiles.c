// Compiled within a second; as literals of Swift, these bytes took a minute.
#include "CServerFiles.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const charlm_file page_files[] = {
    {"alternatives.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/alternatives.js" suffix(, 0)
     }},
    {"announce.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/announce.js" suffix(, 0)
     }},
    {"api.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/api.js" suffix(, 0)
     }},
    {"app.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/app.js" suffix(, 0)
     }},
    {"chart.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/chart.js" suffix(, 0)
     }},
    {"choices.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/choices.js" suffix(, 0)
     }},
    {"dialogs.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/dialogs.js" suffix(, 0)
     }},
    {"direction.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/direction.js" suffix(, 0)
     }},
    {"dom.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/dom.js" suffix(, 0)
     }},
    {"draft-bar.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/draft-bar.js" suffix(, 0)
     }},
    {"drafts.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/drafts.js" suffix(, 0)
     }},
    {"editor.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/editor.js" suffix(, 0)
     }},
    {"frames.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/frames.js" suffix(, 0)
     }},
    {"history.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/history.js" suffix(, 0)
     }},
    {"index.html",
     (const unsigned char[]){
#embed "../CharlmServer/Page/index.html" suffix(, 0)
     }},
    {"inside-text.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/inside-text.js" suffix(, 0)
     }},
    {"inside.css",
     (const unsigned char[]){
#embed "../CharlmServer/Page/inside.css" suffix(, 0)
     }},
    {"inside.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/inside.js" suffix(, 0)
     }},
    {"inspection.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/inspection.js" suffix(, 0)
     }},
    {"legend.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/legend.js" suffix(, 0)
     }},
    {"looking.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/looking.js" suffix(, 0)
     }},
    {"map-view.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/map-view.js" suffix(, 0)
     }},
    {"marked-text.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/marked-text.js" suffix(, 0)
     }},
    {"measure.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/measure.js" suffix(, 0)
     }},
    {"models.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/models.js" suffix(, 0)
     }},
    {"numbers.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/numbers.js" suffix(, 0)
     }},
    {"offsets.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/offsets.js" suffix(, 0)
     }},
    {"palette.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/palette.js" suffix(, 0)
     }},
    {"passages.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/passages.js" suffix(, 0)
     }},
    {"prompt.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/prompt.js" suffix(, 0)
     }},
    {"reach-chart.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/reach-chart.js" suffix(, 0)
     }},
    {"reader.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/reader.js" suffix(, 0)
     }},
    {"readout.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/readout.js" suffix(, 0)
     }},
    {"run-log.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/run-log.js" suffix(, 0)
     }},
    {"run-view.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/run-view.js" suffix(, 0)
     }},
    {"sampling-form.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/sampling-form.js" suffix(, 0)
     }},
    {"sampling.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/sampling.js" suffix(, 0)
     }},
    {"scale.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/scale.js" suffix(, 0)
     }},
    {"spot.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/spot.js" suffix(, 0)
     }},
    {"sse.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/sse.js" suffix(, 0)
     }},
    {"strips.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/strips.js" suffix(, 0)
     }},
    {"style.css",
     (const unsigned char[]){
#embed "../CharlmServer/Page/style.css" suffix(, 0)
     }},
    {"surprisal.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/surprisal.js" suffix(, 0)
     }},
    {"svg.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/svg.js" suffix(, 0)
     }},
    {"tabs.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/tabs.js" suffix(, 0)
     }},
    {"text-layer.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/text-layer.js" suffix(, 0)
     }},
    {"tint.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/tint.js" suffix(, 0)
     }},
    {"train.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/train.js" suffix(, 0)
     }},
    {"training-setup.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/training-setup.js" suffix(, 0)
     }},
    {"unit-list.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/unit-list.js" suffix(, 0)
     }},
    {"unit-map.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/unit-map.js" suffix(, 0)
     }},
    {"unit-search.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/unit-search.js" suffix(, 0)
     }},
    {"vectors.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/vectors.js" suffix(, 0)
     }},
    {"work.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/work.js" suffix(, 0)
     }},
    {"write.js",
     (const unsigned char[]){
#embed "../CharlmServer/Page/write.js" suffix(, 0)
     }},
};

const charlm_file *const charlm_page_files = page_files;
const size_t charlm_page_file_count = sizeof page_files / sizeof page_files[0];

static const unsigned char api_description[] = {
#embed "../CharlmServer/openapi.json" suffix(, 0)
};

const unsigned char *const charlm_api_description = api_description;
