<?php
/**
 * What the gateway says about this site.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * The site's name at the gateway, the mailing lists there, and how far the clocks differ.
 */
final class Site_Details {

	/**
	 * The site's name at the gateway.
	 */
	public string $site = '';

	/**
	 * Names of the lists by id.
	 *
	 * @var array<string,string>
	 */
	public array $lists = array();

	/**
	 * Ids of the lists that a provider keeps, by the provider's name and then by its own id.
	 *
	 * @var array<string,array<int|string,string>>
	 */
	public array $providers = array();

	/**
	 * Seconds that the gateway's clock is ahead of this server's; null when it did not say.
	 */
	public ?int $clock = null;

	/**
	 * When the gateway was asked.
	 */
	public int $checked_at = 0;

	/**
	 * Reads the gateway's answer with the lists; null when it is none. Many web servers answer any request with
	 * status 200 and a page.
	 */
	public static function from_answer( Answer $answer ): ?self {
		if ( 200 !== $answer->status || ! isset( $answer->json['site']['name'], $answer->json['items'] ) ) {
			return null;
		}
		$details             = new self();
		$details->site       = (string) $answer->json['site']['name'];
		$details->clock      = $answer->clock_difference();
		$details->checked_at = time();
		foreach ( (array) $answer->json['items'] as $list ) {
			if ( ! is_array( $list ) || ! isset( $list['id'], $list['name'] ) ) {
				continue;
			}
			$details->lists[ (string) $list['id'] ] = (string) $list['name'];
			if ( isset( $list['provider'], $list['providerList'] ) ) {
				$details->providers[ (string) $list['provider'] ][ (string) $list['providerList'] ] = (string) $list['id'];
			}
		}
		return $details;
	}

	/**
	 * Reads what was kept.
	 */
	public static function from_array( array $kept ): self {
		$details             = new self();
		$details->site       = (string) ( $kept['site'] ?? '' );
		$details->lists      = (array) ( $kept['lists'] ?? array() );
		$details->providers  = (array) ( $kept['providers'] ?? array() );
		$details->clock      = $kept['clock'] ?? null;
		$details->checked_at = (int) ( $kept['checked_at'] ?? 0 );
		return $details;
	}

	/**
	 * The list that a provider keeps under an id of its own; empty when the gateway has none.
	 *
	 * @param string $provider The provider's name, such as mailjet.
	 * @param string $list     Its id for the list.
	 */
	public function at( string $provider, string $list ): string {
		return $this->providers[ $provider ][ $list ] ?? '';
	}

	public function to_array(): array {
		return get_object_vars( $this );
	}
}
