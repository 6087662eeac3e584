type Pair = readonly [english: string, chinese: string]
const pairs = <T extends Record<string, Pair>>(given: T): T => given

/** Knowledge articles. */
export const knowledge = pairs({
  'nav.knowledge': ['Knowledge', '知识库'],
  'article.one': ['Article', '文章'],
  'article.note': ['What has solved tickets, in English and Chinese', '解决过工单的方法，中英文皆可检索'],
  'article.new': ['Write an article', '撰写文章'],
  'article.find': ['Words of the article', '文章中的词语'],
  'article.none': ['Nothing has been written yet.', '暂无文章。'],
  'article.not_found': ['No published article has these words.', '没有包含这些词语的已发布文章。'],
  'article.title': ['Title', '标题'],
  'article.body': ['What to do', '内容'],
  'article.solved': ['Tickets solved', '已解决工单'],
  'article.written_by': ['Written by', '作者'],
  'article.written_at': ['Written', '撰写时间'],
  'article.version': ['Version', '版本'],
  'article.ahead': ['A newer version is not published', '有更新的版本未发布'],
  'article.ahead_note': ['Everybody else still reads version {n}.', '其他人仍看到第 {n} 版。'],
  'article.publish': ['Publish', '发布'],
  'article.published': ['Published: it is suggested on tickets now.', '已发布，将在工单中推荐。'],
  'article.retire': ['Retire', '停用'],
  'article.retire_sure': ['Nobody will find it any more, until it is published again.', '停用后将无法检索，直到再次发布。'],
  'article.rewrite': ['Write the next version', '撰写新版本'],
  'article.editor_note': ['In one language or in both. What is published stays until this version is.', '可用一种或两种语言撰写；新版本发布前，已发布的版本保持不变。'],
  'article.in_en': ['In English', '英文'],
  'article.in_zh': ['In Chinese', '中文'],
  'article.save': ['Save the version', '保存版本'],
  'article.saved': ['Saved; not published yet.', '已保存，尚未发布。'],
  'article.leave': ['What was typed is not saved.', '输入的内容尚未保存。'],
  'article.leave_act': ['Leave without saving', '不保存并离开'],
  'article.stay': ['Stay', '留在此页'],
  'article.from_ticket': ['Write an article from this', '据此撰写文章'],
  'kstate.draft': ['Draft', '草稿'],
  'kstate.published': ['Published', '已发布'],
  'kstate.retired': ['Retired', '已停用']
})
