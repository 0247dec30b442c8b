<?php
/**
 * Brevo in Contact Form 7.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Brings along what Contact Form 7's own module for Brevo adds people to. It adds whoever sends a form, unless a box with the option
 * consent_for:sendinblue is not ticked; at the gateway such a box is needed.
 */
final class Brevo_Import implements Import_Source {

	/**
	 * The property of a form, which has the module's older name.
	 */
	private const PROPERTY = 'sendinblue';

	private const CONSENT = 'consent_for:sendinblue';

	public function id(): string {
		return 'brevo';
	}

	public function name(): string {
		return __( 'Contact Form 7’s module for Brevo', 'gateway-connector' );
	}

	public function provider(): string {
		return 'brevo';
	}

	public function items(): array {
		$items = array();
		$forms = class_exists( WPCF7_ContactForm::class ) ? WPCF7_ContactForm::find( array( 'posts_per_page' => -1 ) ) : array();
		foreach ( $forms as $form ) {
			$settings = self::settings( $form );
			if ( ! empty( $settings['enable_contact_list'] ) ) {
				$items[] = self::item( $form, array_map( 'strval', (array) ( $settings['contact_lists'] ?? array() ) ) );
			}
		}
		return $items;
	}

	public function import( array $lists ): array {
		return Import_Item::import_all( $this->items(), $lists );
	}

	/**
	 * What a form becomes. The module finds fields by their names: with or without "your-", in capitals or not.
	 *
	 * @param WPCF7_ContactForm $form  The form.
	 * @param string[]          $lists Ids of lists at Brevo.
	 */
	private static function item( WPCF7_ContactForm $form, array $lists ): Import_Item {
		$fields = array();
		foreach ( Form_Fields::texts( $form ) as $name ) {
			$fields += array( preg_replace( '/^YOUR-/', '', strtoupper( $name ) ) => $name );
		}
		$box   = self::box( $form );
		$draft = new Contact_Form_Draft( $form, $fields['EMAIL'] ?? '', $fields['NAME'] ?? '', $box );
		$draft->set_properties( array_intersect_key( $fields, array_flip( array( 'FIRSTNAME', 'LASTNAME', 'SMS' ) ) ) );

		$item        = $draft->item( Consent::texts( $form )[ $box ] ?? '' );
		$item->lists = $lists;
		if ( '' === $item->skip_reason && array() === $lists ) {
			$item->skip_reason = __( 'No list is chosen there, so nobody is added to one.', 'gateway-connector' );
		}
		if ( '' !== $box && ! Consent::boxes( $form )[ $box ]->has_option( self::CONSENT ) ) {
			$item->notes[] = __(
				'The module asked for no box. Check that the text of this one is the consent to the list.',
				'gateway-connector'
			);
		}
		if ( ! empty( self::settings( $form )['enable_transactional_email'] ) ) {
			$item->notes[] = __( 'The welcome email of Brevo is no longer sent: the gateway sends the confirmation.', 'gateway-connector' );
		}
		$item->on_import(
			static function ( array $ours ) use ( $draft, $form ): void {
				// The module must not add people beside the gateway.
				$form->set_properties( array( self::PROPERTY => array( 'enable_contact_list' => false ) + self::settings( $form ) ) );
				$draft->connect( $ours );
			}
		);
		return $item;
	}

	/**
	 * Name of the box that is the consent for Brevo, or of the form's only box; empty when there is none.
	 */
	private static function box( WPCF7_ContactForm $form ): string {
		$boxes = Consent::boxes( $form );
		foreach ( $boxes as $name => $tag ) {
			if ( $tag->has_option( self::CONSENT ) ) {
				return (string) $name;
			}
		}
		return 1 === count( $boxes ) ? (string) array_key_first( $boxes ) : '';
	}

	private static function settings( WPCF7_ContactForm $form ): array {
		return (array) $form->prop( self::PROPERTY );
	}
}
