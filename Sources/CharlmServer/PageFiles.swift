/// The files of the page, which are part of this program.
enum PageFiles {
  static let all: [String: [UInt8]] = [
    "index.html": PackageResources.index_html,
    "style.css": PackageResources.style_css,
    "api.js": PackageResources.api_js,
    "chart.js": PackageResources.chart_js,
    "drafts.js": PackageResources.drafts_js,
    "history.js": PackageResources.history_js,
    "main.js": PackageResources.main_js,
    "measure.js": PackageResources.measure_js,
    "page.js": PackageResources.page_js,
    "text.js": PackageResources.text_js,
    "train.js": PackageResources.train_js,
    "write.js": PackageResources.write_js,
  ]
}
