<?php
/**
 * What Ninja Forms has that the plugin uses, in the shapes of Ninja Forms 3.14.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

/**
 * Ninja Forms' factory of models.
 */
function Ninja_Forms(): object {
	return new class() {
		public function form( $id = '' ): object {
			return new class( $GLOBALS['ninja_forms'] ?? array(), (int) $id ) {
				private array $forms;

				private int $id;

				public function __construct( array $forms, int $id ) {
					$this->forms = $forms;
					$this->id    = $id;
				}

				public function get_forms(): array {
					return array_map(
						static fn( $id, $form ) => ninja_forms_model( $id, $form['settings'] ),
						array_keys( $this->forms ),
						array_values( $this->forms )
					);
				}

				public function get_fields(): array {
					$fields = $this->forms[ $this->id ]['fields'];
					return array_map( 'ninja_forms_model', array_keys( $fields ), array_values( $fields ) );
				}
			};
		}
	};
}

/**
 * A form or a field.
 */
function ninja_forms_model( int $id, array $settings ): object {
	return new class( $id, $settings ) {
		private int $id;

		private array $settings;

		public function __construct( int $id, array $settings ) {
			$this->id       = $id;
			$this->settings = $settings;
		}

		public function get_id(): int {
			return $this->id;
		}

		public function get_settings(): array {
			return $this->settings;
		}

		public function get_setting( string $name ) {
			return $this->settings[ $name ] ?? null;
		}
	};
}
