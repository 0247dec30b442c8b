<?php
/**
 * The plugin Double Opt-In Helper.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Lets the gateway do the double opt-in of Contact Form 7's modules where the plugin Double Opt-In Helper did it. People whom that plugin
 * has asked can only answer to it, so it must stay for a day.
 */
final class Doi_Helper_Import implements Import_Source {

	/**
	 * Where it keeps those whom it has asked; they are deleted when they answer, or after a day.
	 */
	private const POST_TYPE = 'doihelper_entry';

	private Settings $settings;

	public function __construct( Settings $settings ) {
		$this->settings = $settings;
	}

	public function id(): string {
		return 'doihelper';
	}

	public function name(): string {
		return 'Double Opt-In Helper';
	}

	public function provider(): string {
		return '';
	}

	public function items(): array {
		$waiting = $this->waiting();
		if ( $this->settings->answers_doi() || ( ! defined( 'DOIHELPER_VERSION' ) && 0 === $waiting ) ) {
			return array();
		}
		$item = new Import_Item( __( 'Double opt-in of Contact Form 7’s modules', 'gateway-connector' ) );

		$choice      = __( 'Let the gateway do the double opt-in for modules such as Brevo', 'gateway-connector' );
		$item->facts = array( __( 'Becomes', 'gateway-connector' ) => $choice );
		$item->notes = array( __( 'Forms without a mailing list of the gateway do not change.', 'gateway-connector' ) );
		if ( $waiting > 0 ) {
			$item->notes[] = sprintf(
				/* translators: %s: number of people */
				_n(
					'%s person was asked by that plugin and has not answered. Keep it active for a day, so that the answer counts.',
					'%s people were asked by that plugin and have not answered. Keep it active for a day, so that their answers count.',
					$waiting,
					'gateway-connector'
				),
				number_format_i18n( $waiting )
			);
		}
		$item->on_import( fn() => $this->settings->answer_doi( true ) );
		return array( $item );
	}

	public function import( array $lists ): array {
		return Import_Item::import_all( $this->items(), $lists );
	}

	private function waiting(): int {
		return (int) ( wp_count_posts( self::POST_TYPE )->future ?? 0 );
	}
}
