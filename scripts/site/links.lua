-- Links between the pages of docs/, as HTML: page.md becomes page.html, and README.md of a folder its index.html.
-- A link to something outside of the pages begins with SITE_SOURCES, the address of the sources; without it only its
-- text remains. SITE_PAGE is `front` for README.md at the root.
local sources = os.getenv("SITE_SOURCES") or ""

local function page(target)
  local path, anchor = target:match("^([^#]*)(#?.*)$")
  return path:gsub("README%.md$", "index.md"):gsub("%.md$", ".html") .. anchor
end

function Link(link)
  local target = link.target
  if target:match("^%a+:") or target:match("^#") then return nil end
  local isFront = os.getenv("SITE_PAGE") == "front"
  if isFront then
    if target:match("^docs/") then
      link.target = page(target)
      return link
    end
  elseif target == "../README.md" then
    link.target = "../index.html"
    return link
  elseif not target:match("^%.%./") and not target:match("/") then
    link.target = page(target)
    return link
  end
  if sources == "" then return link.content end
  link.target = sources .. "/" .. (isFront and target or target:gsub("^%.%./", ""))
  return link
end
