type Pair = readonly [english: string, chinese: string]
const pairs = <T extends Record<string, Pair>>(given: T): T => given

/** What charts say around their numbers. */
export const charts = pairs({
  'figures.numbers': ['The numbers', '查看数据'],
  'figures.month': ['Month', '月份'],
  'figures.day': ['Day', '日期'],
  'figures.ordered': ['Ordered', '订单额'],
  'figures.target': ['Target', '目标'],
  'figures.reached': ['Reached', '完成率'],
  'figures.who': ['Salesperson or team', '销售或团队'],
  'figures.last_months': ['last 12 months', '近 12 个月'],
  'figures.dso': ['Days sales outstanding', '应收周转天数'],
  'figures.days_to_pay': ['Days to pay', '平均付款天数'],
  'figures.step': ['{share} go on', '{share} 进入下一步'],
  'figures.step_time': ['{share} go on, after {n} h (median)', '{share} 进入下一步，中位 {n} 小时'],
  'chart.revenue_months': ['Order revenue by month', '月度订单额'],
  'chart.targets': ['Sales team: ordered and target', '销售团队：完成与目标'],
  'chart.debtors': ['Who owes, by days past due', '客户欠款（按逾期天数）']
})
