<?php
/**
 * MC4WP: Mailchimp for WordPress.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Brings along what MC4WP (4) subscribes people by: its own forms in pages, its box in forms of Contact Form 7, and its box at
 * WooCommerce's checkout. Its other boxes are named with what to do instead.
 */
final class Mc4wp_Import implements Import_Source {

	private const INTEGRATIONS = 'mc4wp_integrations';

	/**
	 * MC4WP's box in a form of Contact Form 7: [mc4wp_checkbox "The words"].
	 */
	private const BOX = '/\[mc4wp_checkbox\b([^\]]*)\]/';

	public function id(): string {
		return 'mc4wp';
	}

	public function name(): string {
		return 'MC4WP: Mailchimp for WordPress';
	}

	public function provider(): string {
		return 'mailchimp';
	}

	public function items(): array {
		return array_merge( ( new Mc4wp_Forms() )->items(), $this->contact_form_items(), $this->checkout_items(), $this->other_items() );
	}

	public function import( array $lists ): array {
		return Import_Item::import_all( $this->items(), $lists );
	}

	/**
	 * Forms of Contact Form 7 with MC4WP's box, which becomes ours.
	 *
	 * @return Import_Item[]
	 */
	private function contact_form_items(): array {
		$items = array();
		$forms = class_exists( WPCF7_ContactForm::class ) ? WPCF7_ContactForm::find( array( 'posts_per_page' => -1 ) ) : array();
		foreach ( $forms as $form ) {
			if ( 1 === preg_match( self::BOX, (string) $form->prop( 'form' ), $tag ) ) {
				$items[] = $this->contact_form_item( $form, $tag[1] );
			}
		}
		return $items;
	}

	private function contact_form_item( WPCF7_ContactForm $form, string $options ): Import_Item {
		$settings = $this->integration( 'contact-form-7' );
		$wording  = 1 === preg_match( '/"([^"]+)"|\'([^\']+)\'/', $options, $found ) ? (string) end( $found ) : (string) $settings['label'];
		$wording  = Plain_Text::of( $wording );
		$quote    = false === strpos( $wording, '"' ) ? '"' : "'";
		$names    = array_column( $form->scan_form_tags(), 'name' );
		$number   = 1;
		while ( in_array( "newsletter-{$number}", $names, true ) ) {
			++$number;
		}
		$box   = "newsletter-{$number}";
		$tag   = '[' . Newsletter_Tag::TYPE . " {$box} {$quote}{$wording}{$quote}]";
		$texts = array_column( $form->scan_form_tags( array( 'basetype' => 'text' ) ), 'name' );
		$draft = new Contact_Form_Draft( $form, '', in_array( 'your-name', $texts, true ) ? 'your-name' : '', $box );
		$draft->set_text( (string) preg_replace( self::BOX, addcslashes( $tag, '\\$' ), (string) $form->prop( 'form' ) ) );

		$item        = $draft->item( $wording );
		$item->lists = (array) $settings['lists'];

		$item->facts[ __( 'Its form-tag', 'gateway-connector' ) ] = $tag;
		self::require_list( $item );
		if ( ! empty( $settings['precheck'] ) ) {
			$item->notes[] = __( 'The box was ticked in advance. It no longer will be: such consent is not valid.', 'gateway-connector' );
		}
		$item->on_import( static fn( array $ours ) => $draft->connect( $ours ) );
		return $item;
	}

	/**
	 * MC4WP's box at WooCommerce's checkout, which becomes ours; its own is switched off.
	 *
	 * @return Import_Item[]
	 */
	private function checkout_items(): array {
		$settings = $this->integration( 'woocommerce' );
		if ( empty( $settings['enabled'] ) ) {
			return array();
		}
		$title = __( 'WooCommerce checkout', 'gateway-connector' );
		if ( Checkout_Settings::load()->enabled ) {
			$reason = __( 'The gateway’s box is there already and stays as it is. Switch off the one of MC4WP.', 'gateway-connector' );
			return array( Import_Item::skipped( $title, $reason ) );
		}
		$item        = new Import_Item( $title );
		$item->facts = array( __( 'Text beside the box', 'gateway-connector' ) => (string) $settings['label'] );
		$item->lists = array_slice( (array) $settings['lists'], 0, 1 );
		self::require_list( $item );
		$item->on_import(
			function ( array $ours ) use ( $settings ): void {
				$box = array(
					'enabled'    => true,
					'list'       => $ours[0],
					'label'      => (string) $settings['label'],
					'policy_url' => get_privacy_policy_url(),
				);
				Checkout_Settings::from_input( $box )->save();
				$this->switch_off( 'woocommerce' );
			}
		);
		return array( $item );
	}

	/**
	 * MC4WP's other boxes that are switched on, with what to do instead.
	 *
	 * @return Import_Item[]
	 */
	private function other_items(): array {
		$users   = __( 'Choose under Gateway › Users who joins which list, with a box at the registration.', 'gateway-connector' );
		$form    = __( 'Put a box to tick into the form instead of MC4WP’s, and choose it under Gateway › Forms.', 'gateway-connector' );
		$nothing = __( 'The gateway has no box for this.', 'gateway-connector' );
		$reasons = array(
			'wp-comment-form'      => array( __( 'Comments', 'gateway-connector' ), $nothing ),
			'wp-registration-form' => array( __( 'Registration', 'gateway-connector' ), $users ),
			'wpforms'              => array( 'WPForms', $form ),
			'gravity-forms'        => array( 'Gravity Forms', $form ),
			'ninja-forms'          => array( 'Ninja Forms', $form ),
		);
		$items   = array();
		foreach ( array_diff( array_keys( $this->enabled() ), array( 'contact-form-7', 'woocommerce' ) ) as $slug ) {
			list( $title, $reason ) = $reasons[ $slug ] ?? array( $slug, $nothing );

			$items[] = Import_Item::skipped( $title, $reason );
		}
		return $items;
	}

	/**
	 * Skips an item whose list MC4WP does not know either.
	 */
	private static function require_list( Import_Item $item ): void {
		if ( '' === $item->skip_reason && array() === $item->lists ) {
			$item->skip_reason = __( 'No list is chosen there, so nobody is added to one.', 'gateway-connector' );
		}
	}

	/**
	 * The settings of one of MC4WP's boxes, with its defaults.
	 */
	private function integration( string $slug ): array {
		$saved = (array) ( $this->integrations()[ $slug ] ?? array() );
		return array_filter( $saved, static fn( $value ) => '' !== $value ) + array(
			'enabled' => 0,
			'label'   => 'Sign me up for the newsletter!', // MC4WP's own, in the language that it was written in.
			'lists'   => array(),
		);
	}

	private function enabled(): array {
		return array_filter( $this->integrations(), static fn( $settings ) => ! empty( $settings['enabled'] ) );
	}

	private function switch_off( string $slug ): void {
		$settings = $this->integrations();

		$settings[ $slug ]['enabled'] = 0;
		update_option( self::INTEGRATIONS, $settings );
	}

	private function integrations(): array {
		return (array) get_option( self::INTEGRATIONS, array() );
	}
}
