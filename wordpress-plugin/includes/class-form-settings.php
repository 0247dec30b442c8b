<?php
/**
 * The settings of one form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Whether a form's submissions go to the gateway, and what they subscribe people to. Kept as a property of the form,
 * so that it is copied and deleted with it.
 */
final class Form_Settings {

	public const PROPERTY = 'gateway_connector';

	public bool $enabled;

	/**
	 * The lists this form subscribes to.
	 *
	 * @var Subscription[]
	 */
	public array $subscriptions;

	/**
	 * The settings.
	 *
	 * @param bool           $enabled       Whether submissions go to the gateway.
	 * @param Subscription[] $subscriptions The lists.
	 */
	public function __construct( bool $enabled, array $subscriptions ) {
		$this->enabled       = $enabled;
		$this->subscriptions = $subscriptions;
	}

	/**
	 * Makes Contact Form 7 load and keep the property.
	 */
	public static function declare_property( array $properties ): array {
		return $properties + array( self::PROPERTY => array() );
	}

	public static function of( WPCF7_ContactForm $form ): self {
		$saved = (array) $form->prop( self::PROPERTY );
		return new self(
			! empty( $saved['enabled'] ),
			array_map( array( Subscription::class, 'from_array' ), array_values( (array) ( $saved['subscriptions'] ?? array() ) ) )
		);
	}

	/**
	 * Puts the settings into the form, which its caller saves.
	 */
	public function put_into( WPCF7_ContactForm $form ): void {
		$form->set_properties(
			array(
				self::PROPERTY => array(
					'enabled'       => $this->enabled,
					'subscriptions' => array_map( static fn( Subscription $subscription ) => $subscription->to_array(), $this->subscriptions ),
				),
			)
		);
	}

	/**
	 * Whether anybody has ever saved settings for the form.
	 */
	public function is_new(): bool {
		return array() === $this->subscriptions;
	}
}
