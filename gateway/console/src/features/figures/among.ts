/** Of whose orders figures are: a team's, those owed to a campaign, both, or all. */
export interface Among {
  team?: string
  campaign?: string
}
