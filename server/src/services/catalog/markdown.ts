/**
 * Author's Markdown → HTML, once per problem when packs are loaded. Raw HTML is shown as text, links take http(s), mailto and
 * relative addresses only, and pictures from elsewhere are refused, so that a pack can neither run script nor call home.
 */
import MarkdownIt from "markdown-it";

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });

markdown.validateLink = (url) => !/^\s*[a-z][a-z0-9+.-]*:/i.test(url) || /^(https?|mailto):/i.test(url);

const renderImage = markdown.renderer.rules.image;
markdown.renderer.rules.image = (tokens, index, options, env, self) => {
  const token = tokens[index]!;
  const source = String(token.attrGet("src") ?? "");
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(source)) return markdown.utils.escapeHtml(token.content);
  return renderImage === undefined ? self.renderToken(tokens, index, options) : renderImage(tokens, index, options, env, self);
};

/** External links open beside the exercise and tell the other site nothing. */
markdown.renderer.rules.link_open = (tokens, index, options, _env, self) => {
  const token = tokens[index]!;
  if (/^https?:/i.test(String(token.attrGet("href") ?? ""))) {
    token.attrSet("target", "_blank");
    token.attrSet("rel", "noopener noreferrer");
  }
  return self.renderToken(tokens, index, options);
};

export function renderMarkdown(text: string): string {
  return markdown.render(text);
}
